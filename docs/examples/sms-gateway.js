// @ts-check
/**
 * Another provider for a channel that Carillon has: SMS through a gateway that is called over HTTP. It takes
 * `POST {url}/messages` and answers 201 with the message's ID; `GET {url}/account` says whether the token is good.
 *
 *     CARILLON_CHANNELS=./docs/examples/sms-gateway.js
 */
import { call, ChannelError, defineChannel, httpFailure, webhookUrl, z } from 'carillon/channel';

/** What a tenant stores: `PUT /v1/tenant/channels/sms/providers/gateway`. */
const credentials = z.strictObject({
  url: webhookUrl,
  token: z.string().min(1).max(200),
  /** What the telephone shows as the sender. */
  from: z.string().regex(/^([A-Za-z0-9 ]{1,11}|\+\d{7,15})$/, 'must be a number, or a name of 11 characters'),
});

export default defineChannel({
  channel: 'sms',
  provider: 'gateway',
  credentials,
  // The token is never read back.
  shown: ['url', 'from'],

  // The address of an SMS is the person's phone number, which Carillon keeps in E.164.
  targetOf: (contact) => contact.phone,

  check({ text }) {
    if (text.length > 1600)
      throw new ChannelError('content_error', { providerResponse: 'not sent: too long' });
  },

  async verify({ url, token }, context) {
    const answer = await call(context.network, `${url}/account`, { headers: authorization(token) }, context);
    if (answer.status !== 200) throw httpFailure(answer, [token]);
  },

  async send({ to, text }, { url, token, from }, context) {
    const answer = await call(
      context.network,
      `${url}/messages`,
      {
        method: 'POST',
        headers: { ...authorization(token), 'content-type': 'application/json' },
        // The same key for every attempt: the gateway sends a message that it knows already once only.
        body: JSON.stringify({ to, from, text, key: context.idempotencyKey }),
      },
      context,
    );
    if (answer.status === 201) return { providerMessageId: JSON.parse(answer.body).id };
    // What statuses mean everywhere `httpFailure` knows: 401 auth_error, 429 rate_limited with its Retry-After, 5xx
    // provider_error. What they mean at this gateway only, is said here.
    throw answer.status === 422
      ? httpFailure(answer, [to, text, token], 'invalid_recipient')
      : httpFailure(answer, [to, text, token]);
  },
});

/** @param {string} token */
const authorization = (token) => ({ authorization: `Bearer ${token}` });
