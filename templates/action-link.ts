import { isSafeLink } from '../contracts/primitives.js';

/**
 * The absolute http(s) URL behind an action: as given, or for a path within the tenant's application (`/contracts/c-1`)
 * completed with `appUrl`. Null where no mail or SMS could link to it.
 */
export function actionLink(
  actionUrl: string | null | undefined,
  appUrl: string | null | undefined,
): string | null {
  if (!actionUrl || !isSafeLink(actionUrl)) return null;
  if (!actionUrl.startsWith('/')) return actionUrl;
  if (!appUrl || !isSafeLink(appUrl) || !URL.canParse(actionUrl, appUrl)) return null;
  return new URL(actionUrl, appUrl).href;
}
