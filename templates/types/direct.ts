import type { BuiltInType } from '../built-in-type.js';

/** The caller brings the text itself, as `content`; so there is none here. */
export const direct: BuiltInType = {
  type: {
    name: 'direct',
    category: 'direct',
    severity: 'info',
    icon: 'message',
    color: '#2563eb',
    contentRequired: true,
  },
  example: {},
};
