import { expect, it } from 'vitest';
import { webhookUrl } from '../../contracts/webhook-url.js';

it.each([
  'https://hooks.example.com/in',
  'https://hooks.example.com:8443/in?token=abc#part',
  'https://10.0.0.1/in',
  'http://localhost:8080/in',
  'http://127.0.0.1/in',
  'http://[::1]:3000/in',
  'http://[fd00::7]/in',
  'http://receiver:8080/in',
  'http://receiver.team.svc.cluster.local/in',
  'http://172.16.0.9/in',
  'http://192.168.1.20/in',
  'http://nas.home.arpa/in',
])('takes %s', (url) => {
  expect(webhookUrl.parse(url)).toBe(url);
});

it.each([
  'http://hooks.example.com/in',
  'http://8.8.8.8/in',
  'http://172.32.0.1/in',
  'http://10.example.com/in',
  'http://169.254.169.254/latest',
  'https://ann:secret@hooks.example.com/in',
  'https://ann@hooks.example.com/in',
  'ftp://hooks.example.com/in',
  'javascript:alert(1)',
  'https://',
  'hooks.example.com/in',
  'https://hooks.example.com/a b',
  'https://hooks.example.com/in\nx',
  '/in',
  '',
  `https://hooks.example.com/${'a'.repeat(2048)}`,
])('refuses %j', (url) => {
  expect(webhookUrl.safeParse(url).success).toBe(false);
});
