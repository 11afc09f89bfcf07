import type { Request, Response } from 'express';
import { describe, expect, it } from 'vitest';
import { onlyFromOwnPages, onlyFromThisMachine } from '../../api/demo/only-from-here.js';
import { CarillonError } from '../../contracts/errors.js';

interface Asked {
  method?: string;
  from?: string;
  headers?: Record<string, string>;
}

const host = '127.0.0.1:3000';
const origin = `http://${host}`;

function request({ method = 'GET', from = '127.0.0.1', headers = {} }: Asked): Request {
  const all: Record<string, string> = { host, ...headers };
  return {
    method,
    protocol: 'http',
    socket: { remoteAddress: from },
    get: (name: string) => all[name],
  } as unknown as Request;
}

function passes(guard: typeof onlyFromThisMachine, asked: Asked): boolean {
  let passed = false;
  try {
    void guard(request(asked), {} as Response, () => (passed = true));
  } catch (error) {
    if (!(error instanceof CarillonError && error.code === 'forbidden')) throw error;
  }
  return passed;
}

describe('the demo', () => {
  it.each<Asked>([
    {},
    { headers: { host: 'localhost:3000' } },
    { headers: { host: 'LOCALHOST' } },
    { headers: { host: '[::1]:3000' }, from: '::1' },
    { from: '::ffff:127.0.0.1' },
  ])('answers a browser on this machine: %j', (asked) => {
    expect(passes(onlyFromThisMachine, asked)).toBe(true);
  });

  it.each<Asked>([
    { from: '192.168.1.7' },
    { from: '::ffff:10.0.0.1' },
    { from: '2001:db8::1' },
    // A name that was pointed here (DNS rebinding), and names that only look like this machine's.
    { headers: { host: 'evil.example:3000' } },
    { headers: { host: '127.0.0.1.evil.example' } },
    { headers: { host: 'localhost.evil.example:3000' } },
    { headers: { host: 'evil.example:3000#127.0.0.1' } },
    { headers: { host: '192.168.1.2:3000' } },
    { headers: { host: '' } },
    // Behind a proxy everybody comes from this machine.
    { headers: { 'x-forwarded-for': '203.0.113.7' } },
    { headers: { 'x-forwarded-host': 'notify.example.com' } },
    { headers: { 'x-real-ip': '203.0.113.7' } },
    { headers: { forwarded: 'for=203.0.113.7' } },
    { headers: { via: '1.1 proxy' } },
  ])('answers nobody else: %j', (asked) => {
    expect(passes(onlyFromThisMachine, asked)).toBe(false);
  });
});

describe('what the demo page asks for', () => {
  it.each<Asked>([
    {},
    { headers: { 'sec-fetch-site': 'same-origin' } },
    { headers: { 'sec-fetch-site': 'none' } },
    { method: 'POST', headers: { origin } },
    { method: 'POST', headers: { origin, 'sec-fetch-site': 'same-origin' } },
  ])('is answered to that page: %j', (asked) => {
    expect(passes(onlyFromOwnPages, asked)).toBe(true);
  });

  it.each<Asked>([
    { headers: { origin: 'https://evil.example' } },
    { headers: { 'sec-fetch-site': 'cross-site' } },
    { headers: { 'sec-fetch-site': 'same-site' } },
    { method: 'POST' },
    { method: 'POST', headers: { origin: 'null' } },
    { method: 'POST', headers: { origin: 'https://evil.example' } },
    // Another server on this machine.
    { method: 'POST', headers: { origin: 'http://127.0.0.1:3001' } },
    { method: 'POST', headers: { origin: 'https://127.0.0.1:3000' } },
    { method: 'POST', headers: { origin, 'sec-fetch-site': 'cross-site' } },
    { method: 'POST', headers: { origin, 'sec-fetch-site': 'none' } },
  ])('is answered to no other: %j', (asked) => {
    expect(passes(onlyFromOwnPages, asked)).toBe(false);
  });
});
