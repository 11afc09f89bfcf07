import type { Mail } from './mail.js';
import { mailLook } from './mail-look.js';
import type { Rendering } from './rendering.js';
import { oneLine, severalLines } from './text-limits.js';

/** What a mail shows of its tenant, and its colours. */
export function mailBrand({
  context,
  type,
}: Rendering): Pick<Mail, 'tenantName' | 'color' | 'look' | 'logoUrl' | 'footer'> {
  const { name, branding } = context.tenant;
  return {
    tenantName: oneLine(name, 200),
    color: type.color,
    look: mailLook(type.color, branding?.primaryColor),
    logoUrl: branding?.logoUrl ?? null,
    footer: severalLines(branding?.footer ?? '', 1000),
  };
}
