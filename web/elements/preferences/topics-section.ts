import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { PreferencesSection } from './section.js';

/** Topics, each to be muted by itself. */
export class TopicsSection extends PreferencesSection {
  static override properties = { ...PreferencesSection.properties, names: { attribute: false } };

  /** What people call a topic, by its ID. */
  declare names: Record<string, string>;

  protected override render(): TemplateResult {
    const { texts } = this;
    const { topics, preferences } = this.view;
    const all = [...new Set([...topics, ...preferences.mutedTopics])];
    return html`<section class="card" aria-labelledby="title">
      <div class="pad">
        <h2 id="title">${texts.t('topics.title')}</h2>
        <p class="hint">${texts.t('topics.hint')}</p>
      </div>
      <ul class="rows">
        ${all.map((topic) => this.topic(topic, preferences.mutedTopics.includes(topic)))}
      </ul>
    </section>`;
  }

  private topic(topic: string, isMuted: boolean): TemplateResult {
    return html`<li>
      <label class="row">
        <span class="name">${this.names[topic] ?? topic}</span>
        <input
          class="switch"
          type="checkbox"
          role="switch"
          .checked=${live(!isMuted)}
          @change=${() => void this.model.change({ mutedTopics: { [topic]: !isMuted } }, `topics.${topic}`)}
        />
      </label>
    </li>`;
  }
}
