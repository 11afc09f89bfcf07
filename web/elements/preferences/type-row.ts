import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Cadence, ChannelName, EffectiveSwitch, TypePreference } from '../../client/shapes.js';
import type { Icons } from '../shared/icons.js';
import { cadences } from './cadences.js';
import { channelLabel, onChannel, type Texts } from './names.js';
import type { TypeRow } from './shown.js';

export interface TypeView {
  texts: Texts;
  icons: Icons;
  row: TypeRow;
  channels: readonly ChannelName[];
  isOpen: boolean;
  /** Whether the person has said anything of this type. */
  isChosen: boolean;
  /** `null` takes back all that was said of the type. */
  change: (patch: TypePreference | null) => void;
}

/** A type's switches, one for each channel, and how often it comes. */
export function typeRow(view: TypeView & { toggle: () => void }): TemplateResult {
  const { texts, icons, row, channels, isOpen, toggle } = view;
  return html`<tr role="row" class="type">
    <th role="rowheader" scope="row">${row.label}</th>
    ${channels.map((channel) => cell(view, channel))}
    <td role="cell" class="last">
      <div class="often">
        <span class="cadence">
          <span class="channel" aria-hidden="true">${texts.t('matrix.cadence')}</span>
          ${typeCadence(view)}
        </span>
        <button
          class="quiet fold"
          aria-expanded=${isOpen ? 'true' : 'false'}
          aria-label=${texts.t('matrix.details', { type: row.label })}
          @click=${toggle}
        >
          ${icons.draw('chevron')}
        </button>
      </div>
    </td>
  </tr>`;
}

function cell({ texts, icons, row, change }: TypeView, channel: ChannelName): TemplateResult {
  const one = row.cells[channel];
  if (!one) {
    return html`<td role="cell" class="middle empty">
      <span aria-hidden="true">–</span><span class="sr">${texts.t('matrix.notSupported')}</span>
    </td>`;
  }
  const { enabled, locked, source } = one;
  return html`<td role="cell" class="middle">
    <label title=${texts.t(`source.${source}`)}>
      <span class="channel" aria-hidden="true">${channelLabel(texts, channel)}</span>
      <span class="held">
        <input
          class="switch"
          type="checkbox"
          role="switch"
          aria-label=${onChannel(texts, row.label, channel)}
          aria-describedby="source-${source}"
          aria-disabled=${locked ? 'true' : nothing}
          .checked=${live(enabled)}
          @click=${(event: Event) => locked && event.preventDefault()}
          @change=${() => change({ [channel]: !enabled })}
        />
        ${locked ? icons.draw('lock') : source === 'type' ? html`<i class="own"></i>` : nothing}
      </span>
    </label>
  </td>`;
}

/** The channels on which it comes and can be collected, with how often. */
function collecting({ row, channels }: TypeView): [ChannelName, EffectiveSwitch & { cadence: Cadence }][] {
  return channels.flatMap((channel) => {
    const one = row.cells[channel];
    return one?.enabled && one.cadence ? [[channel, { ...one, cadence: one.cadence }]] : [];
  });
}

function typeCadence(view: TypeView): TemplateResult {
  const { texts, row, change } = view;
  const found = collecting(view);
  const [first] = found;
  if (!first) return html`<span class="empty" aria-hidden="true">–</span>`;
  const [, { cadence, cadenceSource }] = first;
  if (cadenceSource === 'locked') return html`<span class="fixed">${texts.t(`cadence.${cadence}`)}</span>`;
  const isSame = found.every(([, other]) => other.cadence === cadence);
  return select(texts, {
    label: texts.t('matrix.cadenceOf', { type: row.label }),
    chosen: isSame ? cadence : undefined,
    source: isSame ? cadenceSource : undefined,
    change: (chosen) => change({ cadence: chosen }),
  });
}

interface CadenceChoice {
  label: string;
  /** Absent where channels differ. */
  chosen: Cadence | undefined;
  source: EffectiveSwitch['cadenceSource'];
  change: (cadence: Cadence) => void;
}

function select(texts: Texts, { label, chosen, source, change }: CadenceChoice): TemplateResult {
  return html`<select
    aria-label=${label}
    aria-describedby=${source ? `source-${source}` : nothing}
    title=${source ? texts.t(`source.${source}`) : nothing}
    .value=${live(chosen ?? '')}
    @change=${(event: Event) => change((event.target as HTMLSelectElement).value as Cadence)}
  >
    ${chosen ? nothing : html`<option value="" selected disabled>${texts.t('matrix.mixed')}</option>`}
    ${cadences.map(
      (cadence) =>
        html`<option value=${cadence} ?selected=${cadence === chosen}>
          ${texts.t(`cadence.${cadence}`)}
        </option>`,
    )}
  </select>`;
}

/** What each of it comes from, how often on each channel, and the way back to the defaults. */
export function detailsRow(view: TypeView): TemplateResult {
  const { texts, row, channels, isChosen, change } = view;
  const shown = channels.filter((channel) => row.cells[channel]);
  return html`<tr role="row" class="details">
    <td role="cell" colspan=${channels.length + 2}>
      <ul>
        ${shown.map((channel) => html`<li>${detail(view, channel)}</li>`)}
      </ul>
      ${
        isChosen
          ? html`<button
              class="link"
              aria-label=${texts.t('matrix.defaultsOf', { type: row.label })}
              @click=${() => change(null)}
            >
              ${texts.t('matrix.defaults')}
            </button>`
          : nothing
      }
    </td>
  </tr>`;
}

function detail({ texts, row, change }: TypeView, channel: ChannelName): TemplateResult {
  const one = row.cells[channel];
  if (!one) return html``;
  const { enabled, source, cadence, cadenceSource } = one;
  const where = onChannel(texts, row.label, channel);
  return html`<span class="what"
      ><strong>${channelLabel(texts, channel)}</strong> ${texts.t(enabled ? 'matrix.on' : 'matrix.off')}</span
    >
    <span class="why">${texts.t(`source.${source}`)}</span>
    ${
      enabled && cadence && cadenceSource !== 'locked'
        ? select(texts, {
            label: texts.t('matrix.cadenceOf', { type: where }),
            chosen: cadence,
            source: cadenceSource,
            change: (chosen) => change({ cadence: { [channel]: chosen } }),
          })
        : nothing
    }`;
}
