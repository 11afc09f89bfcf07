import type { FailureReason } from '../../contracts/errors.js';

/** What Slack's error names mean; common to all methods, of `chat.postMessage`, `chat.delete` and `users.lookupByEmail`. */
const names: Readonly<Record<FailureReason, readonly string[]>> = {
  auth_error: [
    'not_authed',
    'invalid_auth',
    'invalid_token',
    'token_revoked',
    'token_expired',
    'account_inactive',
    'missing_scope',
    'no_permission',
    'not_allowed_token_type',
    'org_login_required',
    'ekm_access_denied',
    'two_factor_setup_required',
    'enterprise_is_restricted',
    'access_denied',
    'accesslimited',
    'team_access_not_granted',
    'messages_tab_disabled',
    'restricted_action',
    'cant_delete_message',
  ],
  invalid_recipient: [
    'channel_not_found',
    'user_not_found',
    'users_not_found',
    'is_archived',
    'not_in_channel',
    'cannot_dm_bot',
    'user_disabled',
    'restricted_action_non_threadable_channel',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'slack_connect_canvas_sharing_blocked',
    'slack_connect_file_link_sharing_blocked',
  ],
  content_error: [
    'msg_too_long',
    'msg_blocks_too_long',
    'no_text',
    'invalid_blocks',
    'invalid_blocks_format',
    'invalid_attachments',
    'attachment_payload_limit_exceeded',
    'too_many_attachments',
    'markdown_text_conflict',
    'block_mismatch',
    'invalid_arguments',
    'invalid_arg_name',
    'invalid_array_arg',
    'invalid_charset',
    'invalid_form_data',
    'invalid_post_type',
    'missing_post_type',
    'invalid_metadata_format',
    'invalid_metadata_schema',
  ],
  rate_limited: ['ratelimited', 'rate_limited', 'message_limit_exceeded'],
  provider_error: [
    'service_unavailable',
    'fatal_error',
    'internal_error',
    'request_timeout',
    'team_added_to_org',
    'external_channel_migrating',
    'deprecated_endpoint',
    'method_deprecated',
    'unknown_method',
  ],
  network_error: [],
  unknown_error: [],
};

const reasonOf: ReadonlyMap<string, FailureReason> = new Map(
  Object.entries(names).flatMap(([reason, errors]) =>
    errors.map((error): [string, FailureReason] => [error, reason as FailureReason]),
  ),
);
/** Slack itself is out of order, as opposed to this call of it. */
const outages: readonly string[] = [
  'service_unavailable',
  'fatal_error',
  'internal_error',
  'request_timeout',
];

/** What an error's name means. What is no name at all comes from something between here and Slack. */
export function classifySlackError(error: string): { reason: FailureReason; providerDown: boolean } {
  if (!/^[a-z][a-z0-9_:-]{0,99}$/i.test(error)) return { reason: 'provider_error', providerDown: true };
  return { reason: reasonOf.get(error) ?? 'unknown_error', providerDown: outages.includes(error) };
}
