// @ts-check
/**
 * A channel that Carillon does not have: pagers, reached through a service that is called over HTTP. It takes
 * `POST {url}/pages` and answers 202 with the page's ID; `DELETE {url}/pages/{id}` takes one back; `GET {url}/me` says
 * whether the key is good. Where a person is reached stands in their attribute `pagerId`.
 *
 *     CARILLON_CHANNELS=./docs/examples/pager.js
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { attributeOf, call, ChannelError, defineChannel, httpFailure, webhookUrl, z } from 'carillon/channel';

/** What a tenant stores: `PUT /v1/tenant/channels/x_pager/providers/pagerworks`. */
const credentials = z.strictObject({ url: webhookUrl, key: z.string().min(1).max(200) });

/** A pager shows this much. */
const MAX_LENGTH = 500;

/** What the service posts to a page's `callback`. */
const event = z.object({
  id: z.string(),
  pager: z.string(),
  state: z.string(),
  at: z.iso.datetime(),
});

export default defineChannel({
  // A new channel begins with `x_`.
  channel: 'x_pager',
  provider: 'pagerworks',
  credentials,
  shown: ['url'],

  targetOf: (contact) => attributeOf(contact, 'pagerId'),

  check({ title, text }) {
    if (title.length + text.length > MAX_LENGTH)
      throw new ChannelError('content_error', { providerResponse: `not sent: longer than ${MAX_LENGTH}` });
  },

  async verify({ url, key }, context) {
    const answer = await call(context.network, `${url}/me`, { headers: { 'x-key': key } }, context);
    if (answer.status !== 200) throw httpFailure(answer, [key]);
  },

  async send({ to, title, text, link, priority }, { url, key }, context) {
    const urgent = priority === 'critical' || priority === 'high';
    // Absent while the deployment has no public address: then nothing is told.
    const page = { pager: to, title, text, link, urgent, callback: context.callbackUrl };
    const answer = await call(
      context.network,
      `${url}/pages`,
      {
        method: 'POST',
        // The service knows a repetition by this key, which is the same for every attempt.
        headers: {
          'x-key': key,
          'content-type': 'application/json',
          'idempotency-key': context.idempotencyKey,
        },
        body: JSON.stringify(page),
      },
      context,
    );
    if (answer.status !== 202) throw httpFailure(answer, [to, title, text, key]);
    return { providerMessageId: JSON.parse(answer.body).id };
  },

  async retract(id, { url, key }, context) {
    const place = `${url}/pages/${encodeURIComponent(id)}`;
    const answer = await call(
      context.network,
      place,
      { method: 'DELETE', headers: { 'x-key': key } },
      context,
    );
    // 404: it is gone already.
    if (answer.status !== 204 && answer.status !== 404) throw httpFailure(answer, [key]);
  },

  callbacks: {
    // The service signs the address too, so that the delivery in it is proved.
    verify({ url, body, header }, { key }) {
      const right = createHmac('sha256', key).update(url).update(body).digest();
      const given = Buffer.from(header('x-signature') ?? '', 'hex');
      return given.length === right.length && timingSafeEqual(given, right);
    },

    read({ body, deliveryId }) {
      const { id, pager, state, at } = event.parse(JSON.parse(body.toString('utf8')));
      if (deliveryId === undefined) return;
      if (state === 'shown') return [{ kind: 'delivered', deliveryId, at }];
      // A person has looked at it: nobody has to be told by another channel.
      if (state === 'confirmed') return [{ kind: 'opened', deliveryId, at }];
      if (state !== 'unknown_pager') return;
      return [
        {
          kind: 'bounced',
          deliveryId,
          at,
          failureReason: 'invalid_recipient',
          // Nothing more is sent to this pager; its address as `targetOf` gives it.
          suppress: 'bounced',
          addresses: [pager],
          detail: state,
          providerMessageId: id,
        },
      ];
    },
  },
});
