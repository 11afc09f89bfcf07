import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';

/** Each icon is one path of strokes on a 24 × 24 grid. These are at hand at once, the others are loaded. */
const paths: Record<string, string> = {
  bell: 'M6 10.5a6 6 0 0 1 12 0c0 4.5 2 5 2 6.5H4c0-1.5 2-2 2-6.5M9.8 20a2.4 2.4 0 0 0 4.4 0',
  check: 'M5 12.5 9.7 17 19 7.5',
  'check-all': 'M2.5 12.5 7 17l9-9.5M12.5 16l1 1L22 7.5',
  archive: 'M3.5 5h17v4h-17zM5 9v10.5h14V9M10 13h4',
  trash: 'M4 7h16M9.5 7V4h5v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  more: 'M4.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M11.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M18.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0',
  filter: 'M4 6.5h16M7 12h10M10 17.5h4',
};

const bySeverity: Record<string, string> = {
  success: 'check-circle',
  warning: 'alert-triangle',
  error: 'x-circle',
};

let loading: Promise<void> | undefined;
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
    const isKnown = Object.hasOwn(paths, name);
    // Should they not be had, items go without an icon.
    if (!isKnown)
      loading ??= import('./icons-more.js').then(({ icons }) => addIcons(icons)).catch(() => undefined);
    const path = paths[isKnown ? name : (bySeverity[severity] ?? 'info')] ?? '';
    return html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;
  }
}
