import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ChannelName, EffectiveSwitch, PreferencesPatch } from '../../client/shapes.js';
import type { Icons } from '../shared/icons.js';
import { channelLabel, onChannel, type Texts } from './names.js';
import type { CategoryRows } from './shown.js';

export interface CategoryView {
  texts: Texts;
  icons: Icons;
  group: CategoryRows;
  channels: readonly ChannelName[];
  isOpen: boolean;
  toggle: () => void;
  change: (patch: PreferencesPatch) => void;
}

/** The head of a category: opens it, and switches all that is in it at once. */
export function categoryRow(view: CategoryView): TemplateResult {
  const { texts, icons, group, channels, isOpen, toggle } = view;
  return html`<tr role="row" class="category">
    <th role="rowheader" scope="rowgroup">
      <button class="fold" aria-expanded=${isOpen ? 'true' : 'false'} @click=${toggle}>
        ${icons.draw('chevron')}<span>${group.label}</span>
        <span class="count" aria-hidden="true">${group.rows.length}</span>
        <span class="sr">, ${texts.t('matrix.count', { count: group.rows.length })}</span>
      </button>
    </th>
    ${channels.map((channel) => cell(view, channel))}
    <td role="cell" class="last"></td>
  </tr>`;
}

function cell({ texts, icons, group, change }: CategoryView, channel: ChannelName): TemplateResult {
  const cells = group.rows
    .map((row) => row.cells[channel])
    .filter((one): one is EffectiveSwitch => one !== undefined);
  const label = html`<span class="channel" aria-hidden="true">${channelLabel(texts, channel)}</span>`;
  if (cells.length === 0) return html`<td role="cell" class="middle empty"></td>`;
  const free = cells.filter(({ locked }) => !locked);
  const asked = free.length > 0 ? free : cells;
  const isOn = asked.every(({ enabled }) => enabled);
  const isMixed = !isOn && asked.some(({ enabled }) => enabled);
  const isLocked = free.length === 0;
  const name = onChannel(texts, texts.t('matrix.all', { category: group.label }), channel);
  const whole = categoryPatch(group, channel, !isOn);
  return html`<td role="cell" class="middle">
    <label title=${isLocked ? texts.t('source.locked') : nothing}>
      ${label}
      <span class="held">
        <input
          class="switch"
          type="checkbox"
          aria-label=${name}
          aria-disabled=${isLocked ? 'true' : nothing}
          aria-describedby=${isLocked ? 'source-locked' : nothing}
          .checked=${live(isOn)}
          .indeterminate=${live(isMixed)}
          @click=${(event: Event) => isLocked && event.preventDefault()}
          @change=${() => change(whole)}
        />
        ${isLocked ? icons.draw('lock') : nothing}
      </span>
    </label>
  </td>`;
}

/** Turns a category on or off for a channel, and with it what was chosen otherwise for its types. */
function categoryPatch(
  { category, rows }: CategoryRows,
  channel: ChannelName,
  isOn: boolean,
): PreferencesPatch {
  const exceptions = rows.filter(({ cells }) => {
    const cell = cells[channel];
    return cell?.source === 'type' && cell.enabled !== isOn;
  });
  const types = Object.fromEntries(exceptions.map(({ type }) => [type.name, { [channel]: isOn }]));
  return {
    categories: { [category]: { [channel]: isOn } },
    ...(exceptions.length > 0 ? { types } : {}),
  };
}
