import { html, nothing, type TemplateResult } from 'lit';
import type { ConnectionStatus } from '../client/client.js';
import { tabs, type DemoApp, type Seat, type Tab } from './app.js';
import type { Contract } from './calls.js';
import { firstName } from './view-triggers.js';
import { plain } from './wording.js';

const tabNames: Record<Tab, string> = { contracts: 'Contracts', inbox: 'Inbox', preferences: 'Preferences' };

const statusWords: Record<ConnectionStatus, string> = {
  idle: 'not connected',
  connecting: 'connecting',
  live: 'live',
  polling: 'looking every 30 s',
  offline: 'offline',
  refused: 'signed out',
};

/** What one can do with a contract: what the other is told, and as which type. */
const deeds: [string, string][] = [
  ['approval_request', 'Ask for approval'],
  ['contract_approved', 'Approve'],
  ['mention', 'Mention'],
];

/** The workspace as one of the two sees it. */
export function seat(app: DemoApp, mine: Seat): TemplateResult {
  const { person, client, status, hasQuietHours } = mine;
  return html`
    <section class="panel seat" id="seat-${person.id}" aria-labelledby="name-${person.id}">
      <header>
        <span class="avatar ${person.id}" aria-hidden="true">${person.name[0]}</span>
        <div class="who">
          <h2 id="name-${person.id}">${person.name}</h2>
          <p>
            ${person.role}, ${person.place} ·
            <span class="connection ${status}">${statusWords[status]}</span>
          </p>
        </div>
        <carillon-bell id="bell-${person.id}" .client=${client}></carillon-bell>
      </header>
      <div class="bar">
        <div role="tablist" aria-label="What ${firstName(person.name)} sees">
          ${tabs.map((tab) => tabButton(app, mine, tab))}
        </div>
        <button
          type="button"
          class="switch"
          role="switch"
          aria-checked=${hasQuietHours}
          @click=${() => void app.toggleQuietHours(mine)}
        >
          <span class="track" aria-hidden="true"></span><span>Quiet hours</span>
        </button>
      </div>
      <div
        class="view"
        id="view-${person.id}"
        role="tabpanel"
        tabindex="0"
        aria-labelledby="tab-${person.id}-${mine.tab}"
      >
        ${view(app, mine)}
      </div>
      <carillon-toasts id="toasts-${person.id}" .client=${client} max="3"></carillon-toasts>
    </section>
  `;
}

function tabButton(app: DemoApp, mine: Seat, tab: Tab): TemplateResult {
  const isOpen = mine.tab === tab;
  return html`
    <button
      type="button"
      role="tab"
      id="tab-${mine.person.id}-${tab}"
      aria-selected=${isOpen}
      aria-controls="view-${mine.person.id}"
      tabindex=${isOpen ? 0 : -1}
      @click=${() => app.open(mine, tab)}
      @keydown=${(event: KeyboardEvent) => moveAmongTabs(app, mine, event)}
    >
      ${tabNames[tab]}
    </button>
  `;
}

function moveAmongTabs(app: DemoApp, mine: Seat, event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const next = tabs[(tabs.indexOf(mine.tab) + step + tabs.length) % tabs.length] ?? mine.tab;
  app.open(mine, next);
  document.getElementById(`tab-${mine.person.id}-${next}`)?.focus();
}

function view(app: DemoApp, mine: Seat): TemplateResult {
  switch (mine.tab) {
    case 'inbox':
      return html`<carillon-inbox compact .client=${mine.client}></carillon-inbox>`;
    case 'preferences':
      return html`<carillon-preferences .client=${mine.client}></carillon-preferences>`;
    case 'contracts':
      return html`
        <ul class="contracts">
          ${app.session.contracts.map((contract) => contractRow(app, mine, contract))}
        </ul>
        <p class="hint">
          What ${firstName(mine.person.name)} does here, ${firstName(app.other(mine).person.name)} is told.
        </p>
      `;
  }
}

function contractRow(app: DemoApp, mine: Seat, { id, title, party, status }: Contract): TemplateResult {
  return html`
    <li class=${mine.marked === id ? 'marked' : nothing}>
      <div class="contract">
        <strong>${title}</strong>
        <small>${party}</small>
        <span class="state">${status}</span>
      </div>
      <div class="deeds">
        ${deeds.map(
          ([type, label]) => html`
            <button
              type="button"
              aria-label="${label}: ${title}"
              @click=${() => void app.press(type, plain(label), app.other(mine).person.id, id)}
            >
              ${label}
            </button>
          `,
        )}
      </div>
    </li>
  `;
}
