import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Cadence, ChannelName, EffectiveSwitch } from '../../client/shapes.js';
import { cadences } from './cadences.js';
import { channelLabel } from './names.js';
import { PreferencesSection } from './section.js';
import { channelsShown } from './shown.js';

/** Each channel as a whole: whether, and how often. */
export class ChannelsSection extends PreferencesSection {
  static override styles = [
    PreferencesSection.styles,
    css`
      .row {
        flex-wrap: wrap;
      }
      .name {
        flex: 1 1 220px;
      }
      .name .hint {
        font-weight: 400;
        font-size: 13px;
      }
      .set {
        display: flex;
        align-items: center;
        gap: 16px;
      }
      .set select {
        max-width: 210px;
      }
      @container preferences (width < 560px) {
        .set:has(select) {
          flex-basis: 100%;
          justify-content: space-between;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { texts } = this;
    return html`<section class="card" aria-labelledby="title">
      <div class="pad">
        <h2 id="title">${texts.t('channels.title')}</h2>
        <p class="hint">${texts.t('channels.hint')}</p>
      </div>
      <ul class="rows">
        ${channelsShown(this.view).map((channel) => this.channel(channel))}
      </ul>
    </section>`;
  }

  private channel(channel: ChannelName): TemplateResult {
    const { texts, view } = this;
    const label = channelLabel(texts, channel);
    const { channels } = view.preferences.effective;
    const isOn = channels[channel]?.enabled ?? false;
    return html`<li class="row">
      <div class="name">
        <span id="name-${channel}">${label}</span>
        <p class="hint" id="hint-${channel}">${this.reach(channel)}</p>
      </div>
      <div class="set">
        ${channels[channel]?.collects ? this.cadence(channel, label) : nothing}
        <input
          class="switch"
          type="checkbox"
          role="switch"
          aria-labelledby="name-${channel}"
          aria-describedby="hint-${channel}"
          .checked=${live(isOn)}
          @change=${() => void this.model.change({ channels: { [channel]: !isOn } }, `channels.${channel}`)}
        />
      </div>
    </li>`;
  }

  private cadence(channel: ChannelName, label: string): TemplateResult {
    const { texts } = this;
    const chosen = this.view.preferences.cadences[channel] ?? '';
    const change = (event: Event) => {
      const value = (event.target as HTMLSelectElement).value as Cadence | '';
      void this.model.change({ cadences: { [channel]: value || null } }, `channels.${channel}`);
    };
    return html`<select
      aria-label=${texts.t('channels.every', { channel: label })}
      .value=${live(chosen)}
      @change=${change}
    >
      <option value="" ?selected=${chosen === ''}>${texts.t('cadence.own')}</option>
      ${cadences.map(
        (cadence) =>
          html`<option value=${cadence} ?selected=${cadence === chosen}>
            ${texts.t(`cadence.${cadence}`)}
          </option>`,
      )}
    </select>`;
  }

  /** For how much of it the channel is on, and what keeps it from reaching the person. */
  private reach(channel: ChannelName): string {
    const { texts } = this;
    const { me, preferences } = this.view;
    const cells = Object.values(preferences.effective.types)
      .map((row) => row[channel])
      .filter((cell): cell is EffectiveSwitch => cell !== undefined);
    const always = cells.filter(({ locked }) => locked).length;
    const count = cells.filter(({ enabled }) => enabled).length;
    const parts = [texts.t('channels.reaches', { count, total: cells.length })];
    if (always > 0) parts.push(texts.t('channels.always', { count: always }));
    const reach = parts.join(' · ');
    if (channel === 'email' && !me.email) return `${texts.t('channels.noEmail')} ${reach}`;
    const needsPhone = channel === 'sms' || channel === 'whatsapp';
    return needsPhone && !me.phone ? `${texts.t('channels.noPhone')} ${reach}` : reach;
  }
}
