import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';

const RING = 'M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0';
const BOX = 'M3.5 5h17v4h-17zM5 9v10.5h14V9';

/** Each icon is one path of strokes on a 24 × 24 grid. These are at hand at once, the others are loaded. */
const paths: Record<string, string> = {
  bell: 'M6 10.5a6 6 0 0 1 12 0c0 4.5 2 5 2 6.5H4c0-1.5 2-2 2-6.5M9.8 20a2.4 2.4 0 0 0 4.4 0',
  info: `${RING}M12 11.3v5M12 7.7h.01`,
  'check-circle': `${RING}M8 12.4l2.8 2.8 5.2-5.7`,
  'alert-triangle': 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01',
  'x-circle': `${RING}M9.2 9.2l5.6 5.6M14.8 9.2l-5.6 5.6`,
  check: 'M5 12.5 9.7 17 19 7.5',
  'check-all': 'M2.5 12.5 7 17l9-9.5M12.5 16l1 1L22 7.5',
  unread: 'M3.5 5.5h17v13h-17zM3.5 7l8.5 6.5L20.5 7',
  archive: `${BOX}M10 13h4`,
  unarchive: `${BOX}M12 16.5v-5M9.7 13.6 12 11.3l2.3 2.3`,
  trash: 'M4 7h16M9.5 7V4h5v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  more: 'M4.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M11.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M18.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0',
  filter: 'M4 6.5h16M7 12h10M10 17.5h4',
  chevron: 'M6 9.5l6 6 6-6',
  close: 'M6 6l12 12M18 6 6 18',
  up: 'M12 19V5.5M6 11l6-6 6 6',
};

const bySeverity: Record<string, string> = {
  success: 'check-circle',
  warning: 'alert-triangle',
  error: 'x-circle',
};

let more: 'absent' | 'loading' | 'here' = 'absent';
const hosts = new Set<ReactiveControllerHost>();

/** Adds icons: name → path, or several in one string, on a 24 × 24 grid. */
export function addIcons(icons: Record<string, string>): void {
  Object.assign(paths, icons);
  for (const host of hosts) host.requestUpdate();
}

/** Lets an element draw any icon: it renders anew when the ones that it asked for were loaded. */
export class Icons implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    hosts.add(this.host);
  }

  hostDisconnected(): void {
    hosts.delete(this.host);
  }

  /** The icon of this name; an unknown one is drawn by the severity. Hidden from screen readers: a text stands beside it. */
  draw(name: string, severity = 'info'): TemplateResult {
    const known = Object.hasOwn(paths, name);
    if (!known) load();
    const instead = more === 'loading' ? '' : paths[bySeverity[severity] ?? 'info'];
    return html`<svg viewBox="0 0 24 24" aria-hidden="true">
      <path d=${known ? paths[name] : instead}></path>
    </svg>`;
  }
}

function load(): void {
  if (more !== 'absent') return;
  more = 'loading';
  const done = (icons: Record<string, string>) => {
    more = 'here';
    addIcons(icons);
  };
  import('./icons-more.js').then(
    (module) => done(module.icons),
    // Without them every item shows the icon of its severity.
    () => done({}),
  );
}
