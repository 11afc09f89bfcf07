import { html, nothing, type TemplateResult } from 'lit';
import { fullTime } from '../../../elements/shared/relative-time.js';
import type { Drawing, Texts } from '../../parts/drawing.js';
import { empty } from '../../parts/failure.js';
import { channelIcon } from '../../parts/icons.js';
import { channelInWords, plain } from '../../parts/words.js';
import type { PeopleText } from './messages-en.js';
import type { From, Preferences, Switch } from './shapes.js';

/** When things reach a person: quiet hours, summaries, and what they muted. */
export function whenInForce(
  { texts }: Drawing<PeopleText>,
  { effective, mutedUntil, mutedTopics }: Preferences,
): TemplateResult {
  const { lang } = texts;
  const { quietHours, timezone, digestAt, digestOn } = effective;
  const zone = quietHours.value?.timezone ?? timezone.value;
  const day = (name: string) => dayInWords(name, lang);
  return html`<section class="panel" aria-labelledby="when">
    <header><h2 id="when">${texts.t('person.when')}</h2></header>
    <dl class="facts pad">
      <dt>${texts.t('person.quiet')}</dt>
      <dd>
        ${
          quietHours.value === null || quietHours.value.windows.length === 0
            ? texts.t('person.noQuiet')
            : html`<ul>
                ${quietHours.value.windows.map(
                  ({ days, start, end }) =>
                    html`<li>
                      ${texts.t('person.window', {
                        start,
                        end,
                        days: days.length === 7 ? texts.t('person.everyDay') : days.map(day).join(', '),
                      })}
                    </li>`,
                )}
              </ul>`
        }
        ${by(texts, quietHours)}
      </dd>
      <dt>${texts.t('person.timezone')}</dt>
      <dd>${zone} ${by(texts, quietHours.value?.timezone === undefined ? timezone : quietHours)}</dd>
      <dt>${texts.t('person.now')}</dt>
      <dd>${clockIn(zone, lang)}</dd>
      <dt>${texts.t('person.digestAt')}</dt>
      <dd>
        ${texts.t('person.digestWhen', { time: digestAt.value, day: day(digestOn.value) })}
        ${by(texts, digestAt)}
      </dd>
      ${
        mutedUntil === null
          ? nothing
          : html`<dt>${texts.t('person.muted')}</dt>
              <dd>${fullTime(mutedUntil, lang)}</dd>`
      }
      ${
        mutedTopics.length === 0
          ? nothing
          : html`<dt>${texts.t('person.mutedTopics')}</dt>
              <dd>${mutedTopics.join(', ')}</dd>`
      }
    </dl>
  </section>`;
}

/** What holds on each channel where nothing more particular is said. */
export function channelsInForce(
  { texts, icons }: Drawing<PeopleText>,
  { effective }: Preferences,
): TemplateResult {
  return html`<section class="panel" aria-labelledby="channels">
    <header><h2 id="channels">${texts.t('person.channels')}</h2></header>
    <table>
      <thead>
        <tr>
          <th>${texts.t('person.channel')}</th>
          <th>${texts.t('person.inForce')}</th>
          <th>${texts.t('person.why')}</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(effective.channels).map(
          ([channel, { enabled, source, configured }]) =>
            html`<tr data-channel=${channel}>
              <td>
                <span class="with-icon"
                  >${icons.draw(channelIcon(channel))}${channelInWords(texts, channel)}</span
                >
              </td>
              <td>${onOrOff(texts, enabled && configured)}</td>
              <td class="muted">
                ${configured ? sourceInWords(texts, source) : texts.t('person.notConfigured')}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** What holds for each type, or for those alone of which the person said something. */
export function typesInForce(
  { texts, icons }: Drawing<PeopleText>,
  { effective, types }: Preferences,
  { onlySaid, toggle }: { onlySaid: boolean; toggle: () => void },
): TemplateResult {
  const channels = Object.keys(effective.channels);
  const isSaid = (switches: Record<string, Switch>) =>
    Object.values(switches).some(({ source }) => source === 'type' || source === 'category');
  const shown = Object.entries(effective.types).filter(
    ([name, switches]) => !onlySaid || Object.hasOwn(types, name) || isSaid(switches),
  );
  return html`<section class="panel" aria-labelledby="types">
    <header>
      <h2 id="types">${texts.t('person.types')}</h2>
      <label class="only">
        <input type="checkbox" .checked=${onlySaid} @change=${toggle} />${texts.t('person.typesText')}
      </label>
    </header>
    ${
      shown.length === 0
        ? empty({ texts, icons }, texts.t('person.nothingSaid'), texts.t('person.nothingSaidText'), 'person')
        : html`<div class="scroll" tabindex="0" role="group" aria-labelledby="types">
            <table class="matrix">
              <thead>
                <tr>
                  <th>${texts.t('person.type')}</th>
                  ${channels.map((channel) => html`<th>${channelInWords(texts, channel)}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${shown.map(
                  ([name, switches]) =>
                    html`<tr data-type=${name}>
                      <td>${plain(name)}</td>
                      ${channels.map((channel) => html`<td>${cell(texts, switches[channel])}</td>`)}
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </section>`;
}

function cell(texts: Texts<PeopleText>, found: Switch | undefined): unknown {
  if (!found) return html`<span class="muted">–</span>`;
  const { enabled, source, locked, cadence } = found;
  const often = cadence === undefined || cadence === 'immediate' ? undefined : cadence;
  return html`${onOrOff(texts, enabled)}
    <small>
      ${locked ? texts.t('person.locked') : sourceInWords(texts, source)}
      ${often !== undefined && enabled ? html`<br />${texts.t(`person.cadence.${often}` as PeopleText)}` : nothing}
    </small>`;
}

function onOrOff(texts: Texts<PeopleText>, isOn: boolean): TemplateResult {
  return html`<span class="badge ${isOn ? 'good' : ''}">${texts.t(isOn ? 'person.on' : 'person.off')}</span>`;
}

function by(texts: Texts<PeopleText>, { source }: From<unknown>): TemplateResult {
  return html`<small class="muted">${texts.t(`person.by.${source}`)}</small>`;
}

function sourceInWords(texts: Texts<PeopleText>, source: string): string {
  return texts.t(`person.source.${source}` as PeopleText);
}

/** `mon` in words. */
function dayInWords(name: string, lang: string): string {
  const place = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(name);
  // 5 January 1970 was a Monday.
  const at = new Date(Date.UTC(1970, 0, 5 + place));
  return place < 0 ? name : at.toLocaleDateString(lang, { weekday: 'short', timeZone: 'UTC' });
}

function clockIn(timeZone: string, lang: string): string {
  try {
    return new Date().toLocaleString(lang, {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
  } catch {
    // A zone that this browser does not know.
    return '–';
  }
}
