// What a channel of a deployment's own is written with: `carillon/channel` (see docs/channels/own.md).

export { z } from 'zod';
export { ChannelError, MAX_PROVIDER_RESPONSE } from './channel.js';
export type {
  CallContext,
  Channel,
  ProviderCall,
  Receipt,
  SendContext,
  SendingChannel,
  Verified,
} from './channel.js';
export { echoedWords } from './echoed.js';
export {
  call,
  httpFailure,
  readAnswer,
  reasonOfStatus,
  retryAfterIn,
  type HttpAnswer,
} from './http-failure.js';
export { attributeOf, defineChannel, type OwnCallbacks, type OwnChannel } from './own-channel.js';
export { redactResponse } from './redaction.js';
export type { Contact } from '../contracts/contact.js';
export type { FailureReason } from '../contracts/errors.js';
export type { WrittenReport } from '../contracts/feedback.js';
export type * from '../contracts/messages.js';
export { AddressNotAllowedError, type Network } from '../contracts/network.js';
export type { SuppressionReason } from '../contracts/suppressions.js';
export { webhookUrl } from '../contracts/webhook-url.js';
