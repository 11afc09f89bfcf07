import { notificationType, type NotificationType } from '../contracts/notification-types.js';
import { completeTexts, type BuiltInType, type TypeTexts } from './built-in-type.js';
import { textLocales, type TextLocale } from './locales.js';
import { approvalRequest } from './types/approval-request.js';
import { automationFailed } from './types/automation-failed.js';
import { automationSucceeded } from './types/automation-succeeded.js';
import { commentMention } from './types/comment-mention.js';
import { commentReply } from './types/comment-reply.js';
import { contractApproved } from './types/contract-approved.js';
import { contractExpiring } from './types/contract-expiring.js';
import { contractRejected } from './types/contract-rejected.js';
import { contractUpdated } from './types/contract-updated.js';
import { deliveryFailing } from './types/delivery-failing.js';
import { digest } from './types/digest.js';
import { direct } from './types/direct.js';
import { documentUploads } from './types/document-upload.js';
import { evaluations } from './types/evaluation.js';
import { formSubmitted } from './types/form-submitted.js';
import { integrationEvent } from './types/integration-event.js';
import { interviewInvite } from './types/interview-invite.js';
import { kpiAlert } from './types/kpi-alert.js';
import { mention } from './types/mention.js';
import { passwordReset } from './types/password-reset.js';
import { permissionDenied } from './types/permission-denied.js';
import { reportError } from './types/report-error.js';
import { reportReady } from './types/report-ready.js';
import { requests } from './types/request.js';
import { rewardIssued } from './types/reward-issued.js';
import { roleChanged } from './types/role-changed.js';
import { rowAssigned } from './types/row-assigned.js';
import { securityAlert } from './types/security-alert.js';
import { stageUpdates } from './types/stage-update.js';
import { surveys } from './types/survey.js';
import { system } from './types/system.js';
import { testimonials } from './types/testimonial.js';
import { welcome } from './types/welcome.js';
import { workspaceInvitation } from './types/workspace-invitation.js';

// To add a type: one file in types/, one line here.
const all: readonly BuiltInType[] = [
  approvalRequest,
  contractApproved,
  contractRejected,
  contractUpdated,
  contractExpiring,
  mention,
  reportReady,
  reportError,
  roleChanged,
  permissionDenied,
  commentMention,
  commentReply,
  rowAssigned,
  formSubmitted,
  workspaceInvitation,
  automationSucceeded,
  automationFailed,
  integrationEvent,
  ...stageUpdates,
  ...documentUploads,
  ...evaluations,
  ...surveys,
  ...testimonials,
  ...requests,
  kpiAlert,
  welcome,
  interviewInvite,
  rewardIssued,
  securityAlert,
  passwordReset,
  direct,
  digest,
  system,
  deliveryFailing,
];

const texts = new Map(
  all.flatMap(({ type, texts: said }) =>
    textLocales.flatMap((locale) =>
      said ? [[`${locale} ${type.name}`, completeTexts(said[locale], locale)] as const] : [],
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
