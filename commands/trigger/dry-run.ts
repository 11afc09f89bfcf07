import type { AnyTrigger } from '../../contracts/broadcasts.js';
import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import { sourcesOf } from '../../contracts/audience.js';
import { refuseNobody } from '../broadcasts/start.js';
import type { CommandDependencies } from '../dependencies.js';
import { phoneNumbersOf } from '../phone-numbers.js';
import { checkText } from './check-text.js';
import { checkData, checkTrigger } from './check.js';

/** Why a trigger would be refused, with the paths in it; none where it would be accepted. Nothing is started. */
export async function wouldRefuse(
  deps: CommandDependencies,
  tenantId: string,
  request: AnyTrigger,
): Promise<ErrorItem[]> {
  try {
    const { to } = await withNumbers(deps, tenantId, request);
    const type = await deps.types.find(tenantId, request.type);
    checkTrigger(request, type, Date.now());
    checkData(type, request.data);
    await checkText(deps, tenantId, request, type);
    if (!('recipient' in to)) {
      const sources = sourcesOf(to);
      await refuseNobody(deps, tenantId, {
        sources,
        isListed: sources.list,
        ...(request.sendAt ? { sendAt: new Date(request.sendAt) } : {}),
      });
    }
    return [];
  } catch (error) {
    if (!(error instanceof CarillonError) || error.code === 'unavailable') throw error;
    return [...(error.errors ?? [{ path: '', message: error.detail }])];
  }
}

async function withNumbers(deps: CommandDependencies, tenantId: string, request: AnyTrigger) {
  return { ...request, to: await phoneNumbersOf(deps, tenantId).inTo(request.to) };
}
