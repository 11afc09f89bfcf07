import { notificationType, type NotificationType } from '../contracts/notification-types.js';
import { completeTexts, type BuiltInType, type TypeTexts } from './built-in-type.js';
import { textLocales, type TextLocale } from './locales.js';
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

const texts = new Map(
  all.flatMap(({ type, texts: said }) =>
    textLocales.flatMap((locale) =>
      said ? [[`${locale} ${type.name}`, completeTexts(said[locale])] as const] : [],
    ),
  ),
);
const examples = new Map(all.map(({ type, example }) => [type.name, example]));

/** The types that Carillon brings, in the order in which they are listed to people. */
export const builtInTypes: readonly NotificationType[] = all.map((builtIn) =>
  notificationType.parse({ label: labelOf(builtIn), ...builtIn.type }),
);

const byName = new Map(builtInTypes.map((type) => [type.name, type]));

/** The built-in type of that name, as it is for a tenant that changed nothing of it. */
export function findType(name: string): NotificationType | undefined {
  return byName.get(name);
}

/** What the built-in type of that name says; undefined where there is none, or where the caller must bring it. */
export function findTexts(name: string, locale: TextLocale): TypeTexts | undefined {
  return texts.get(`${locale} ${name}`);
}

/** `data` with all variables of the built-in type of that name, for previews of it. */
export function findExample(name: string): Readonly<Record<string, unknown>> | undefined {
  return examples.get(name);
}

/** What stands above a mail's heading names the type well enough where people choose. */
function labelOf({ texts: said = {} as never }: BuiltInType): Record<string, string> {
  return Object.fromEntries(
    textLocales.flatMap((locale) => (said[locale] ? [[locale, said[locale].mail.label]] : [])),
  );
}
