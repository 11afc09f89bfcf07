import { expect, it } from 'vitest';
import { maskTarget } from '../../models/mask-target.js';

it.each([
  ['email', 'ann.smith@example.com', 'a•••@example.com'],
  ['email', 'a@example.com', 'a•••@example.com'],
  ['email', '"odd@local"@example.com', '"•••@example.com'],
  ['sms', '+33612345678', '+33•••78'],
  ['whatsapp', '+1234567', '•••'],
  ['push', 'dGhpcyBpcyBhIHRva2Vu', 'dGh•••Vu'],
  ['push', '["dGhpcyBpcyBhIHRva2Vu"]', '1 device'],
  ['push', '["dGhpcyBpcyBh","https://push.example/x@y"]', '2 devices'],
  ['email', '@example.com', '@ex•••om'],
  ['slack', '', '•••'],
  ['webhook', 'https://hooks.example.com:8443/in/@s3cret?sig=abc', 'https://hooks.example.com:8443/•••'],
  ['webhook', 'no URL at all, as it seems', 'no •••ms'],
  ['in_app', 'u-42@acme', 'u-42@acme'],
] as const)('shows of a target on %s, %s, only %s', (channel, target, masked) => {
  expect(maskTarget(channel, target)).toBe(masked);
});
