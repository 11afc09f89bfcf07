import type { TenantProvider } from '../contracts/credentials.js';
import type { Network } from '../contracts/network.js';
import { smtpCredentialsFromUrl } from './email/smtp-credentials.js';

/** What the environment says of providers. */
export interface DeploymentSettings {
  SMTP_URL?: string;
  CARILLON_MAIL_FROM: string;
}

/** What the deployment holds for all its tenants, from the environment, in the order in which they are tried. */
export function deploymentProviders(settings: DeploymentSettings, network: Network): TenantProvider[] {
  const { SMTP_URL: smtpUrl, CARILLON_MAIL_FROM: from } = settings;
  if (smtpUrl === undefined) return [];
  const credentials = smtpCredentialsFromUrl(smtpUrl, from);
  return [{ channel: 'email', provider: 'smtp', credentials, network }];
}
