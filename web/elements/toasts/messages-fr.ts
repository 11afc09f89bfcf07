import type { Message } from '../shared/i18n.js';
import type { ToastsText } from './messages-en.js';

/** What toasts say in French. */
export const french: Record<ToastsText, Message> = {
  'toasts.region': { one: '{count} nouvelle notification', other: '{count} nouvelles notifications' },
  'toasts.regionKey': {
    one: '{count} nouvelle notification ({key} pour y accéder)',
    other: '{count} nouvelles notifications ({key} pour y accéder)',
  },
  'toasts.close': 'Fermer : {title}',
  'toasts.closeAll': 'Tout fermer',
  'toasts.waiting': { one: '{count} autre', other: '{count} autres' },
  'toasts.warning': 'Attention :',
  'toasts.error': 'Urgent :',
  'toasts.success': 'Bonne nouvelle :',
  'toasts.said': 'Annonce',
};
