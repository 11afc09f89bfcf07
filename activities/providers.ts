import type { ChannelName } from '../contracts/channels.js';
import type { Contact } from '../contracts/contact.js';
import type { Network } from '../contracts/network.js';
import type { Channel, SendingChannel } from '../channels/channel.js';
import type { ActivityDependencies } from './dependencies.js';

/** One way in which a tenant delivers on a channel. */
export interface ConfiguredProvider {
  /** e.g. `smtp`; `inbox` for what is stored. */
  name: string;
  channel: Channel;
  targetOf(contact: Contact): string | undefined;
  /** What it takes to send; absent where the delivery is stored. */
  sending?: {
    channel: SendingChannel;
    credentials: unknown;
    problem?: string;
    network: Network;
    /** Where it may report what became of a message. */
    callbackUrl?: string;
  };
}

/** Channel → its providers in the order in which they are tried. The inbox is always there. */
export type ConfiguredProviders = ReadonlyMap<ChannelName, readonly ConfiguredProvider[]>;

/**
 * What a tenant has set up, or where it has nothing the deployment for all.
 * @param version the tenant's `credentialsVersion`, where it was just read.
 */
export async function configuredProviders(
  deps: Pick<ActivityDependencies, 'channels' | 'credentials' | 'publicUrl'>,
  tenantId: string,
  version?: number,
): Promise<ConfiguredProviders> {
  const configured = new Map<ChannelName, ConfiguredProvider[]>();
  const add = (channel: ChannelName, provider: ConfiguredProvider) =>
    configured.set(channel, [...(configured.get(channel) ?? []), provider]);
  for (const name of deps.channels.channelNames()) {
    const channel = deps.channels.find(name);
    if (channel?.delivery === 'stored') {
      add(name, { name: channel.provider, channel, targetOf: (contact) => channel.targetOf(contact) });
    }
  }
  for (const { channel: name, provider, ...sending } of await deps.credentials.of(tenantId, version)) {
    const channel = deps.channels.find(name, provider);
    if (channel?.delivery !== 'sent') continue;
    const { credentials, problem } = sending;
    add(name, {
      name: provider,
      channel,
      targetOf: (contact) =>
        problem === undefined ? channel.targetOf(contact, credentials) : likelyTarget(name, contact),
      sending: { channel, ...sending, ...callbackOf(deps.publicUrl, tenantId, provider) },
    });
  }
  return configured;
}

const THIS_MACHINE = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** A provider is not told of an address that is this machine's own: some refuse the message because of it. */
function callbackOf(
  publicUrl: string | undefined,
  tenantId: string,
  provider: string,
): { callbackUrl?: string } {
  if (publicUrl === undefined || THIS_MACHINE.test(new URL(publicUrl).hostname)) return {};
  const base = publicUrl.replace(/\/+$/, '');
  return { callbackUrl: `${base}/hooks/${tenantId}/${encodeURIComponent(provider)}` };
}

/** What stands for the target where the credentials that decide it cannot be read: nothing is sent to it. */
function likelyTarget(channel: ChannelName, contact: Contact): string | undefined {
  if (channel === 'email') return contact.email;
  if (channel === 'sms' || channel === 'whatsapp') return contact.phone;
  if (channel === 'push') return contact.pushTokens[0];
  return contact.id;
}

/** Those that reach this person, in order. */
export function reaching(
  providers: ConfiguredProviders,
  channel: ChannelName,
  contact: Contact | undefined,
): { provider: ConfiguredProvider; target: string }[] {
  if (contact === undefined) return [];
  return (providers.get(channel) ?? []).flatMap((provider) => {
    const target = provider.targetOf(contact);
    return target === undefined ? [] : [{ provider, target }];
  });
}
