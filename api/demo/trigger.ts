import { z } from 'zod';
import type { ChannelName } from '../../contracts/channels.js';
import { DIGEST_TYPE } from '../../contracts/digests.js';
import { CarillonError } from '../../contracts/errors.js';
import { typeName } from '../../contracts/primitives.js';
import { trigger, type Trigger } from '../../contracts/trigger.js';
import { findExample } from '../../templates/built-in-types.js';
import type { ApiDependencies } from '../dependencies.js';
import { demoPersonIds, personAndOther } from './people.js';

/** The contracts that both people see. */
export const demoContracts = [
  { id: 'c-1', title: 'NDA with Acme', party: 'Acme Robotics', status: 'In review' },
  { id: 'c-2', title: 'Office lease, Lyon', party: 'Immo Rhône', status: 'Awaiting approval' },
  { id: 'c-3', title: 'Framework agreement', party: 'Contoso', status: 'Signed' },
  { id: 'c-4', title: 'Data processing addendum', party: 'Fabrikam', status: 'Draft' },
] as const;

/** How long a digest of the demo collects: long enough to press a second button. */
const DIGEST_PERIOD = 'PT20S';
/** Who does things in the types' example data; in the demo the other person does them. */
const ACTORS = ['Ann Marlow', 'Bob Keller'];

/** What one press of a button asks for. */
export const demoTrigger = z.strictObject({
  type: typeName,
  to: z.enum(demoPersonIds),
  contract: z.enum(demoContracts.map(({ id }) => id)).optional(),
  /** More than the type itself does: asked for on further channels, or collected with others. */
  also: z
    .array(z.enum(['sms', 'webhook', 'digest']))
    .max(3)
    .default([]),
});
type DemoTrigger = z.infer<typeof demoTrigger>;

/**
 * The trigger that an application would send, from the type's example data.
 * @throws CarillonError `unprocessable` for a type that the demo cannot trigger.
 */
export async function triggerOf(
  { types }: Pick<ApiDependencies, 'types'>,
  tenantId: string,
  { type: name, to, contract: contractId, also }: DemoTrigger,
): Promise<Trigger> {
  const type = await types.find(tenantId, name);
  if (!type || type.name === DIGEST_TYPE)
    throw new CarillonError('unprocessable', `the demo has no button for "${name}"`);
  const { person, other } = personAndOther(to);
  const contract = demoContracts.find(({ id }) => id === contractId) ?? demoContracts[0];
  const data = withActor(findExample(name) ?? {}, other.name) as Record<string, unknown>;
  const isAboutContract = 'contract' in data;
  return trigger.parse({
    type: name,
    to: { recipient: person.id },
    actor: other.id,
    data: isAboutContract ? { ...data, contract: { id: contract.id, title: contract.title } } : data,
    ...(isAboutContract ? { related: { type: 'contract', id: contract.id } } : {}),
    actionUrl: `/demo#${person.id}/${isAboutContract ? `contracts/${contract.id}` : 'inbox'}`,
    ...channelsOf(type.defaultChannels, also),
    ...(type.contentRequired ? { content: ownWords(other.name) } : {}),
    ...(also.includes('digest') ? { digestKey: 'demo', digest: { period: DIGEST_PERIOD } } : {}),
  });
}

function channelsOf(
  byDefault: readonly ChannelName[],
  also: DemoTrigger['also'],
): { channels?: ChannelName[] } {
  const more = (['sms', 'webhook'] as const).filter((channel) => also.includes(channel));
  return more.length === 0 ? {} : { channels: [...new Set([...byDefault, ...more])] };
}

function ownWords(sender: string) {
  return {
    in_app: {
      title: `A note from ${sender}`,
      message: 'The caller brought these words itself, without a template.',
    },
    email: {
      subject: `A note from ${sender}`,
      text: 'The caller brought these words itself, without a template.',
    },
  };
}

/** The example with everybody who does something in it replaced by the one who does it in the demo. */
function withActor(value: unknown, name: string): unknown {
  if (typeof value === 'string') return ACTORS.includes(value) ? name : value;
  if (Array.isArray(value)) return value.map((one) => withActor(one, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withActor(one, name)]));
}
