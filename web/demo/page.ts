import { html, nothing, type TemplateResult } from 'lit';
import type { DemoApp } from './app.js';
import { log } from './view-log.js';
import { seat } from './view-seat.js';
import { triggers } from './view-triggers.js';
import { themes, type Theme } from '../elements/shared/page-theme.js';

/** Until there is a session. */
export function waitingPage(why: string): TemplateResult {
  return html`<p class="notice" role="status">Not ready yet: ${why}. Trying again …</p>`;
}

export function page(app: DemoApp): TemplateResult {
  return html`
    <header class="top">
      <a class="brand" href="/demo">
        <img src="/demo/icon.svg" alt="" width="28" height="28" />
        <span><strong>Northwind Contracts</strong> <small>a Carillon demo</small></span>
      </a>
      <nav aria-label="Behind the scenes">${links(app)}</nav>
      ${themeChoice(app)}
    </header>
    <main>
      <div class="intro">
        <h1>Two colleagues, one workspace</h1>
        <p>
          Press a button on the left, or work in one of the two windows: whatever one of them does, the other
          is told. Each notification below is a durable workflow, with its plan and its deliveries.
        </p>
      </div>
      <div class="stage">
        ${triggers(app)}
        <div class="seats">${app.seats.map((one) => seat(app, one))}</div>
      </div>
      ${log(app)}
    </main>
  `;
}

function links({ session: { links } }: DemoApp) {
  const places: [string, string | null][] = [
    ['Console', '/console'],
    ['Mails', links.mail],
    ['Temporal Web UI', links.temporalUi],
    ['API', links.docs],
  ];
  return places.map(([name, url]) =>
    url === null ? nothing : html`<a href=${url} target="_blank" rel="noopener">${name}</a>`,
  );
}

const themeNames: Record<Theme, string> = { auto: 'Auto', light: 'Light', dark: 'Dark' };

function themeChoice(app: DemoApp) {
  return html`
    <fieldset class="segments theme">
      <legend class="sr">Colours</legend>
      ${themes.map(
        (theme) => html`
          <label>
            <input
              type="radio"
              name="theme"
              .checked=${app.theme === theme}
              @change=${() => app.setTheme(theme)}
            />
            <span>${themeNames[theme]}</span>
          </label>
        `,
      )}
    </fieldset>
  `;
}
