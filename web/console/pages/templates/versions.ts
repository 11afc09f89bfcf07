import { html, nothing, type TemplateResult } from 'lit';
import type { Texts } from '../../parts/drawing.js';
import { timeAgo } from '../../parts/time.js';
import type { TemplatesText } from './messages-en.js';
import type { Version } from './shapes.js';

/** A template's versions, the newest first. */
export function versionList(
  texts: Texts<TemplatesText>,
  versions: readonly Version[],
  {
    opened,
    open,
    publish,
  }: { opened: number | undefined; open: (version: number) => void; publish: (version: number) => void },
): TemplateResult {
  if (versions.length === 0) return html`<p class="pad muted">${texts.t('template.noVersions')}</p>`;
  return html`<ol class="versions">
    ${versions.map(({ version, published, note, uses, createdAt, createdBy }) => {
      const name = texts.t('templates.version', { version });
      const outdated = uses.filter(({ current }) => !current);
      return html`<li data-version=${version}>
        <div>
          <strong>${name}</strong>
          ${published ? html`<span class="badge good">${texts.t('template.isPublished')}</span>` : nothing}
          ${opened === version ? html`<span class="badge active">${texts.t('template.opened')}</span>` : nothing}
          ${note === null ? nothing : html`<p>${note}</p>`}
          <small class="muted">
            ${timeAgo(createdAt, texts.lang)} ${texts.t('template.by', { by: createdBy })}
          </small>
          ${outdated.map((one) => html`<small class="waiting old">${texts.t('template.outdated', { name: one.name })}</small>`)}
        </div>
        <div class="actions">
          ${
            opened === version
              ? nothing
              : html`<button
                  class="button"
                  aria-label="${texts.t('template.openVersion')}: ${name}"
                  @click=${() => open(version)}
                >
                  ${texts.t('template.openVersion')}
                </button>`
          }
          ${
            published
              ? nothing
              : html`<button
                  class="button"
                  aria-label=${texts.t('template.publishVersion', { version })}
                  @click=${() => publish(version)}
                >
                  ${texts.t('template.publish')}
                </button>`
          }
        </div>
      </li>`;
    })}
  </ol>`;
}
