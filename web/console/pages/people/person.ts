import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../../client/carillon-error.js';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { emptyPanel, failure } from '../../parts/failure.js';
import { formStyles } from '../../parts/form-styles.js';
import { channelIcon } from '../../parts/icons.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { perform } from '../../parts/perform.js';
import { href } from '../../addresses.js';
import { timeAgo } from '../../parts/time.js';
import { channelInWords, plain } from '../../parts/words.js';
import { channelsInForce, typesInForce, whenInForce } from './effective.js';
import { english, type PeopleText } from './messages-en.js';
import { personPath, type Device, type Person, type Preferences, type Suppression } from './shapes.js';

addMessages('en', english);

interface Shown {
  person: Person;
  preferences: Preferences;
  devices: Device[];
  /** Or why they are not known: to a key that is no manager's, say. */
  suppressions: Suppression[] | CarillonError;
}

/** `/console/people/:id`: how a person is reached, when, and why so. */
export class ConsolePerson extends ConsolePage<PeopleText> {
  static override styles = [
    ...ConsolePage.styles,
    formStyles,
    css`
      .columns {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(360px, 100%), 1fr));
        gap: 18px;
        align-items: start;
      }
      .stack {
        display: grid;
        gap: 18px;
      }
      .rows > li {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 10px 16px;
      }
      .rows > li + li {
        border-block-start: 1px solid var(--c-line);
      }
      .rows > li > div {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .rows small {
        display: block;
        color: var(--c-muted);
      }
      dd small {
        display: block;
      }
      .only {
        display: flex;
        align-items: center;
        gap: 7px;
        font-size: 13px;
      }
      .matrix td {
        min-width: 118px;
        vertical-align: top;
      }
      .matrix td:first-child {
        font-weight: 500;
      }
    `,
  ];

  private onlySaid = true;
  private readonly shown = new Loader(this, (signal) => this.read(signal));

  override get heading(): string {
    return this.params['id'] ?? this.texts.t('people.title');
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('params')) void this.shown.restart();
  }

  private async read(signal: AbortSignal): Promise<Shown> {
    const { api } = this.context;
    const id = this.params['id'] ?? '';
    const [person, preferences, devices] = await Promise.all([
      api.get<Person>(personPath(id), {}, signal),
      api.get<Preferences>(personPath(id, '/preferences'), {}, signal),
      api.get<{ items: Device[] }>(personPath(id, '/devices'), {}, signal),
    ]);
    return { person, preferences, devices: devices.items, suppressions: await this.stopped(person, signal) };
  }

  /** Suppressions of all of a person's addresses. */
  private async stopped({ email, phone }: Person, signal: AbortSignal): Promise<Shown['suppressions']> {
    const asked = [
      ...(email === null ? [] : [{ channel: 'email', address: email }]),
      ...(phone === null ? [] : ['sms', 'whatsapp'].map((channel) => ({ channel, address: phone }))),
    ];
    try {
      const pages = await Promise.all(
        asked.map((query) => this.context.api.get<Page<Suppression>>('/v1/suppressions', query, signal)),
      );
      return pages.flatMap(({ items }) => items);
    } catch (error) {
      const known = asCarillonError(error);
      if (known.code !== 'forbidden') throw error;
      return known;
    }
  }

  protected override render(): TemplateResult {
    const { texts, icons, shown } = this;
    const id = this.params['id'] ?? '';
    return html`<div class="page">
      ${this.head({
        back: { to: href('people'), label: texts.t('person.back') },
        actions: html`<a class="button" href=${href('find', { recipient: id })}>
          ${icons.draw('list')}${texts.t('person.notifications')}
        </a>`,
      })}
      ${
        shown.error?.code === 'not_found'
          ? emptyPanel(
              { texts, icons },
              texts.t('people.notKnown', { id: this.heading }),
              texts.t('people.notKnownText'),
              'person',
            )
          : loaded({ texts, icons }, shown, (value) => this.contents(value), 9)
      }
    </div>`;
  }

  private contents({ person, preferences, devices, suppressions }: Shown): TemplateResult {
    const { texts, icons, onlySaid } = this;
    const drawing = { texts, icons };
    const toggle = () => {
      this.onlySaid = !this.onlySaid;
      this.requestUpdate();
    };
    return html`<div class="columns">
        <div class="stack">
          ${this.contact(person)} ${this.suppressed(suppressions)} ${this.devices(devices)}
        </div>
        <div class="stack">${whenInForce(drawing, preferences)} ${channelsInForce(drawing, preferences)}</div>
      </div>
      ${typesInForce(drawing, preferences, { onlySaid, toggle })}`;
  }

  private contact(person: Person): TemplateResult {
    const { texts } = this;
    const facts: [PeopleText, string | null][] = [
      ['person.email', person.email],
      ['person.phone', person.phone],
      ['person.locale', person.locale],
      ['person.timezone', person.timezone],
      ['person.roles', person.roles.join(', ') || null],
      ['person.slack', person.slackUserId],
      ['person.teams', person.teamsUserId],
      ['person.webhook', person.webhookUrl],
    ];
    return html`<section class="panel" aria-labelledby="contact">
      <header><h2 id="contact">${texts.t('people.contact')}</h2></header>
      <dl class="facts pad">
        ${facts.map(([label, value]) =>
          value === null
            ? nothing
            : html`<dt>${texts.t(label)}</dt>
                <dd>${value}</dd>`,
        )}
        <dt>${texts.t('people.since')}</dt>
        <dd>${timeAgo(person.createdAt, texts.lang)}</dd>
        <dt>${texts.t('person.updated')}</dt>
        <dd>${timeAgo(person.updatedAt, texts.lang)}</dd>
      </dl>
    </section>`;
  }

  private suppressed(suppressions: Shown['suppressions']): TemplateResult {
    const { texts, icons } = this;
    return html`<section class="panel" aria-labelledby="stopped">
      <header><h2 id="stopped">${texts.t('person.stopped')}</h2></header>
      ${
        !Array.isArray(suppressions)
          ? html`<div class="pad">${failure({ texts, icons }, suppressions)}</div>`
          : suppressions.length === 0
            ? html`<p class="pad muted">${texts.t('person.notStopped')}</p>`
            : html`<ul class="rows">
                ${suppressions.map((one) => this.suppression(one))}
              </ul>`
      }
    </section>`;
  }

  private suppression(suppression: Suppression): TemplateResult {
    const { texts, icons } = this;
    const { id, channel, address, category, detail, createdAt } = suppression;
    const what = category === null ? texts.t('person.everything') : texts.t('person.category', { category });
    return html`<li data-id=${id}>
      ${icons.draw(channelIcon(channel))}
      <div>
        ${address}
        <small>
          ${channelInWords(texts, channel)} · ${this.reason(suppression)} · ${what} ·
          ${timeAgo(createdAt, texts.lang)}
        </small>
        ${detail === null ? nothing : html`<small>${detail}</small>`}
      </div>
      <button class="button" @click=${() => void this.writeAgain(suppression)}>
        ${texts.t('person.remove')}
      </button>
    </li>`;
  }

  private reason({ reason }: Suppression): string {
    const key = `person.suppressedFor.${reason}` as PeopleText;
    const text = this.texts.t(key);
    return text === key ? plain(reason) : text;
  }

  private async writeAgain(suppression: Suppression): Promise<void> {
    const { texts, context } = this;
    await perform(context, {
      question: {
        title: texts.t('person.removeTitle'),
        text: texts.t('person.removeText', { reason: this.reason(suppression) }),
        confirm: texts.t('person.remove'),
      },
      call: () => context.api.delete(`/v1/suppressions/${encodeURIComponent(suppression.id)}`),
      said: texts.t('person.removed'),
      after: () => this.shown.load(),
    });
  }

  private devices(devices: readonly Device[]): TemplateResult {
    const { texts, icons } = this;
    const kind = (name: string) => {
      const key = `person.kind.${name}` as PeopleText;
      return texts.t(key) === key ? plain(name) : texts.t(key);
    };
    return html`<section class="panel" aria-labelledby="devices">
      <header><h2 id="devices">${texts.t('person.devices')}</h2></header>
      ${
        devices.length === 0
          ? html`<p class="pad muted">${texts.t('person.noDevices')}</p>`
          : html`<ul class="rows">
              ${devices.map(
                (device) =>
                  html`<li>
                    ${icons.draw('push')}
                    <div>
                      ${kind(device.kind)}
                      <small>${texts.t('person.device')} ${timeAgo(device.createdAt, texts.lang)}</small>
                    </div>
                  </li>`,
              )}
            </ul>`
      }
    </section>`;
  }
}

customElements.define('console-person', ConsolePerson);
