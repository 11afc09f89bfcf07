import { addIcons } from '../../elements/shared/icons.js';

addIcons({
  gauge: 'M4.5 18.5a9 9 0 1 1 15 0M12 14.5 16 9.5M12 14.5h.01',
  list: 'M8.5 6.5h12M8.5 12h12M8.5 17.5h12M4 6.5h.01M4 12h.01M4 17.5h.01',
  alert: 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01',
  hourglass: 'M7 3.5h10M7 20.5h10M8 3.5c0 4 8 5 8 8.5s-8 4.5-8 8.5M16 3.5c0 4-8 5-8 8.5s8 4.5 8 8.5',
  megaphone: 'M4 10v4l12 4.5v-13zM16 8.5a3.5 3.5 0 0 1 0 7M7 15l1.5 5h3',
  find: 'M4 10.5a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0M15.3 15.3l5.2 5.2',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  out: 'M14 4.5h5.5v15H14M10 8l-4 4 4 4M6.5 12H15',
  external: 'M10 5.5H5.5v13h13V14M13.5 4.5h6v6M19 5l-8 8',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 4v4h-4',
  older: 'M9 6l6 6-6 6',
  newer: 'M15 6l-6 6 6 6',
  'check-circle': 'M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M8 12.4l2.8 2.8 5.2-5.7',
  'x-circle': 'M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M9.2 9.2l5.6 5.6M14.8 9.2l-5.6 5.6',
  info: 'M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 11.3v5M12 7.7h.01',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  play: 'M8 5.5v13l10.5-6.5z',
  send: 'M20.5 4 3.5 11l6 2.5 2.5 6.5zM9.5 13.5l4-4',
  building: 'M5 20.5V4.5h9v16M14 9.5h5v11M3.5 20.5h17M8 8.5h3M8 12.5h3M8 16.5h3',
  chart: 'M4 4v16h16.5M8.5 16v-4.5M12.5 16V7.5M16.5 16v-6',
  text: 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5M9 12.5h6M9 16.5h6',
  person: 'M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.5 20.5c.4-4 3.2-6.2 7.5-6.2s7.1 2.2 7.5 6.2',
  plug: 'M9 3v5M15 3v5M6.5 8h11v3a5.5 5.5 0 0 1-11 0zM12 16.5V21',
  hook: 'M8.5 10.5a4 4 0 1 1 6-1.5l3 5.5M12 7.5 8.8 14M7.5 14a4 4 0 1 0 4.2 4h5.5M17.5 14.2a3.6 3.6 0 1 1-2.2 6',
  trail: 'M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5M12 7.5V12l3 2',
  add: 'M12 5v14M5 12h14',
  up: 'M12 19V5.5M6 11l6-6 6 6',
  down: 'M12 5v13.5M6 13l6 6 6-6',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  desktop: 'M3.5 5h17v11h-17zM9 20h6M12 16v4',
  pencil: 'M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5',
  // Channels.
  inbox: 'M4 13l2.8-8h10.4L20 13v6H4zM4 13h4.5l1.5 2.5h4l1.5-2.5H20',
  email: 'M3.5 5.5h17v13h-17zM3.5 7l8.5 6.5L20.5 7',
  sms: 'M4 5h16v11h-8.5L7 20v-4H4z',
  push: 'M7.5 2.5h9v19h-9zM11 18.5h2',
  webhook: 'M9 3v5M15 3v5M6.5 8h11v3a5.5 5.5 0 0 1-11 0zM12 16.5V21',
});

const ofChannel: Record<string, string> = {
  in_app: 'inbox',
  email: 'email',
  sms: 'sms',
  whatsapp: 'sms',
  push: 'push',
  webhook: 'webhook',
  slack: 'sms',
  teams: 'sms',
};

/** The name of a channel's icon. */
export function channelIcon(channel: string): string {
  return ofChannel[channel] ?? 'send';
}
