import { demoTenant } from '../../embedded/demo-tenant.js';

/** Everybody in the story. */
export const people = [
  {
    id: 'dan',
    email: 'dan@example.com',
    locale: 'en',
    timezone: 'Europe/London',
    role: 'author of the contract',
  },
  { id: 'ann', email: 'ann@example.com', locale: 'en', timezone: 'Europe/Paris', role: 'approver' },
  { id: 'bob', email: 'bob@example.com', locale: 'en', timezone: 'America/New_York', role: 'approver' },
  {
    id: 'chloe',
    email: 'chloe@example.com',
    locale: 'fr',
    timezone: 'Europe/Paris',
    role: 'approver, reads French',
  },
] as const;

const contract = { id: 'c-1', title: 'NDA with Acme' };
const approvers = ['ann', 'bob', 'chloe'];
const common = {
  related: { type: 'contract', id: contract.id },
  actionUrl: 'https://app.example/contracts/c-1',
};

export interface Scene {
  title: string;
  /** Bodies of `POST /v1/notifications`. */
  triggers: Record<string, unknown>[];
}

/** A contract's life, scene by scene. */
export const scenes: Scene[] = [
  {
    title: 'Dan asks three approvers for their approval',
    triggers: approvers.map((recipient) => ({
      ...common,
      type: 'approval_request',
      to: { recipient },
      actor: 'dan',
      data: { contract, requester: 'Dan', dueAt: '2026-12-31T17:00:00Z' },
    })),
  },
  {
    title: 'Bob changes a clause: Ann and Chloé hear of it, Bob is not told of his own edit',
    triggers: approvers.map((recipient) => ({
      ...common,
      type: 'contract_updated',
      to: { recipient },
      actor: 'bob',
      data: {
        contract,
        editor: 'Bob',
        changes: ['Term: two years instead of three', 'Governing law: France'],
      },
    })),
  },
  {
    title: 'Chloé rejects it, with a reason',
    triggers: [
      {
        ...common,
        type: 'contract_rejected',
        to: { recipient: 'dan' },
        actor: 'chloe',
        data: { contract, approver: 'Chloé', reason: 'The liability cap is missing.' },
      },
    ],
  },
  {
    title: 'Dan mentions Ann in a comment',
    triggers: [
      {
        ...common,
        type: 'mention',
        to: { recipient: 'ann' },
        actor: 'dan',
        data: { contract, author: 'Dan', excerpt: '@Ann, is a cap of 100,000 € enough?', place: 'clause 7' },
      },
    ],
  },
  {
    title: 'Ann approves it',
    triggers: [
      {
        ...common,
        type: 'contract_approved',
        to: { recipient: 'dan' },
        actor: 'ann',
        data: { contract, approver: 'Ann' },
      },
    ],
  },
  {
    title: 'It expires in 30 days',
    triggers: ['dan', ...approvers].map((recipient) => ({
      ...common,
      type: 'contract_expiring',
      to: { recipient },
      data: { contract, daysLeft: 30 },
    })),
  },
];

export { demoTenant };
