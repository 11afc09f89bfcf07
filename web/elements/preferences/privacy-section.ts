import { css, html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { PreferencesSection } from './section.js';

/** What may be learnt of how the person reads: from which the best time is known, and which senders are told. */
const choices = ['insights', 'tracking'] as const;

/** Consent, each to be taken back at any time. */
export class PrivacySection extends PreferencesSection {
  static override styles = [
    PreferencesSection.styles,
    css`
      .name .hint {
        display: block;
        font-weight: 400;
        font-size: 13px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <div class="pad">
        <h2 id="title">${this.texts.t('privacy.title')}</h2>
      </div>
      <ul class="rows">
        ${choices.map((choice) => this.choice(choice))}
      </ul>
    </section>`;
  }

  private choice(choice: (typeof choices)[number]): TemplateResult {
    const { texts } = this;
    return html`<li class="row">
      <div class="name">
        <label for=${choice}>${texts.t(`privacy.${choice}`)}</label>
        <span class="hint" id="${choice}-hint">${texts.t(`privacy.${choice}Hint`)}</span>
      </div>
      <input
        class="switch"
        type="checkbox"
        role="switch"
        id=${choice}
        aria-describedby="${choice}-hint"
        .checked=${live(this.view.preferences[choice])}
        @change=${({ target }: Event) =>
          void this.model.change({ [choice]: (target as HTMLInputElement).checked }, `privacy.${choice}`)}
      />
    </li>`;
  }
}
