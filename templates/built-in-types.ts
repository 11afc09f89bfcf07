import type { NotificationType } from '../contracts/notification-types.js';
import type { BuiltInType, TypeTexts } from './built-in-type.js';
import type { TextLocale } from './locales.js';
import { approvalRequest } from './types/approval-request.js';
import { contractApproved } from './types/contract-approved.js';
import { contractExpiring } from './types/contract-expiring.js';
import { contractRejected } from './types/contract-rejected.js';
import { contractUpdated } from './types/contract-updated.js';
import { deliveryFailing } from './types/delivery-failing.js';
import { direct } from './types/direct.js';
import { mention } from './types/mention.js';
import { system } from './types/system.js';

// To add a type: one file in types/, one line here.
const all: readonly BuiltInType[] = [
  approvalRequest,
  contractApproved,
  contractRejected,
  contractUpdated,
  contractExpiring,
  mention,
  direct,
  system,
  deliveryFailing,
];

const byName = new Map(all.map((builtIn) => [builtIn.type.name, builtIn]));

/** The types that Carillon brings, in the order in which they are listed to people. */
export const builtInTypes: readonly NotificationType[] = all.map((builtIn) => builtIn.type);

/** The built-in type of that name. */
export function findType(name: string): NotificationType | undefined {
  return byName.get(name)?.type;
}

/** What the built-in type of that name says; undefined where there is none, or where the caller must bring it. */
export function findTexts(name: string, locale: TextLocale): TypeTexts | undefined {
  return byName.get(name)?.texts?.[locale];
}
