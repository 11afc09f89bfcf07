import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { AnyTrigger } from '../contracts/broadcasts.js';
import { invalid } from '../contracts/errors.js';
import { e164Number } from '../contracts/primitives.js';
import type { recipient } from '../contracts/trigger.js';
import type { z } from 'zod';
import type { CommandDependencies } from './dependencies.js';

const NO_BREAK = /[\u00a0\u202f]/g;

type Recipient = z.output<typeof recipient>;

/** What callers wrote as phone numbers, made E.164. The tenant's region is read when the first number needs it. */
export interface PhoneNumbers {
  /**
   * One number in E.164.
   * @param path of it in the request.
   * @throws CarillonError `validation_failed` for what is no possible number.
   */
  e164(phone: string, path: string): Promise<string>;
  /**
   * The same with its `phone` in E.164.
   * @param path of `fields` in the request, `''` where they are the body.
   * @throws CarillonError `validation_failed` for what is no possible number.
   */
  in<Fields extends { phone?: string | null | undefined }>(fields: Fields, path?: string): Promise<Fields>;
  /** The same of whom a trigger goes to: an ID, a person brought along, or a bare address. */
  inRecipient(recipient: Recipient, path: string): Promise<Recipient>;
  /** The same of each of `to.recipients`, or of the one `to.recipient`. */
  inTo<To extends AnyTrigger['to']>(to: To): Promise<To>;
}

export function phoneNumbersOf(deps: Pick<CommandDependencies, 'models'>, tenantId: string): PhoneNumbers {
  let region: Promise<string | null> | undefined;
  const readRegion = async () => (await deps.models.tenants.find(tenantId))?.region ?? null;

  const numbers: PhoneNumbers = {
    async e164(phone, path) {
      return e164Of(phone, isInternational(phone) ? null : await (region ??= readRegion()), path);
    },
    async in(fields, path = '') {
      const { phone } = fields;
      if (phone === undefined || phone === null) return fields;
      return { ...fields, phone: await numbers.e164(phone, path === '' ? 'phone' : `${path}.phone`) };
    },
    async inRecipient(one, path) {
      return typeof one === 'string' || !('phone' in one) ? one : numbers.in(one, path);
    },
    async inTo(to) {
      if ('recipient' in to) {
        return { ...to, recipient: await numbers.inRecipient(to.recipient, 'to.recipient') };
      }
      if (to.recipients === undefined) return to;
      const recipients: Recipient[] = [];
      for (const [index, one] of to.recipients.entries()) {
        recipients.push(await numbers.inRecipient(one, `to.recipients.${index}`));
      }
      return { ...to, recipients };
    },
  };
  return numbers;
}

/** True of a region of ISO 3166-1 that has a numbering plan. */
export function hasPhoneNumbers(region: string): boolean {
  return isSupportedCountry(region);
}

/**
 * The number in E.164: as it is, or as it is dialled in the region. Possible is enough, by its length: which ranges are
 * given out changes faster than any list of them.
 * @throws CarillonError `validation_failed` at `path`.
 */
export function e164Of(text: string, region: string | null, path: string): string {
  const country = region !== null && isSupportedCountry(region) ? region : undefined;
  if (country === undefined && !isInternational(text)) {
    throw invalid(path, 'must be in E.164 form such as +33612345678, since the tenant has no region');
  }
  const number = parsePhoneNumberFromString(text.replace(NO_BREAK, ' '), {
    extract: false,
    ...(country === undefined ? {} : { defaultCountry: country }),
  });
  // Some regions dial numbers too short for the world outside.
  if (number?.isPossible() && e164Number.safeParse(number.number).success) return number.number;
  const national = country === undefined ? '' : `, or one as it is dialled in ${country}`;
  throw invalid(
    path,
    `is not a possible phone number: give one in E.164 form such as +33612345678${national}`,
  );
}

function isInternational(phone: string): boolean {
  return phone.trim().startsWith('+');
}
