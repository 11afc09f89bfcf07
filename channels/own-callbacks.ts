import { callbackReports } from '../contracts/feedback.js';
import type { CallbackReader } from './channel.js';
import { echoedWords } from './echoed.js';
import type { OwnCallbacks } from './own-channel.js';
import { redactResponse } from './redaction.js';

/** How a module reads callbacks, behind Carillon's interface: what it says of them is looked at. */
export function callbackReader(own: OwnCallbacks): CallbackReader {
  return {
    async verify(call, credentials) {
      const isProved: unknown = await own.verify(call, credentials);
      return isProved === true;
    },
    async read(call, credentials) {
      const reports = callbackReports.parse((await own.read(call, credentials)) ?? []);
      return reports.map((report) => {
        if (!('detail' in report)) return report;
        const addresses = 'addresses' in report ? report.addresses : [];
        const detail = redactResponse(report.detail, [...addresses, ...echoedWords(credentials, [])]);
        return { ...report, detail };
      });
    },
  };
}
