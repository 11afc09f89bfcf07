import type { NamedRule } from '../../contracts/event-rules.js';

/** Rules that every tenant has until it switches them off. They are asked after its own. */
export const builtInRules: readonly NamedRule[] = [
  {
    id: 'builtin_reward_issued',
    builtIn: true,
    name: 'An employee gets a reward: an SMS to the number in the event',
    enabled: true,
    sources: ['hr-events'],
    when: { field: 'event_type', equals: 'reward_issued' },
    then: {
      do: 'trigger',
      notification: {
        type: 'reward_issued',
        to: { recipient: { phone: '{{ employee_details.phone }}' } },
        channels: ['sms'],
        data: {
          employee: { name: '{{ employee_details.name }}' },
          value: '{{ value }}',
          currency: '{{ currency }}',
          reward: '{{ reward }}',
          reason: '{{ reason }}',
          issuer: '{{ issuer }}',
          code: '{{ code }}',
          expiresAt: '{{ expires_at }}',
        },
      },
    },
    stop: false,
  },
];

export function findBuiltInRule(id: string): NamedRule | undefined {
  return builtInRules.find((rule) => rule.id === id);
}
