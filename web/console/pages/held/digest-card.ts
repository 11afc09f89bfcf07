import { css, html, nothing, type TemplateResult } from 'lit';
import type { Drawing } from '../../parts/drawing.js';
import { href } from '../../addresses.js';
import type { Digest } from '../../calls/shapes.js';
import { badge } from '../../parts/status.js';
import { timeAgo } from '../../parts/time.js';
import { channelInWords, plain } from '../../parts/words.js';
import type { HeldText } from './held-messages-en.js';

/** Items of a digest that are shown: the newest. */
const SHOWN = 8;

export type DigestItem = Digest['items'][number];

interface DigestDrawing extends Drawing<HeldText> {
  expedite(digest: Digest): void;
  cancel(digest: Digest): void;
  remove(digest: Digest, item: DigestItem): void;
}

/** One digest that collects: whose it is, when it closes, and what it holds. */
export function digestCard(drawing: DigestDrawing, digest: Digest): TemplateResult {
  const { texts } = drawing;
  const { id, recipient, digestKey, status, itemCount, closesAt, items } = digest;
  const shown = items.slice(0, SHOWN);
  const more = itemCount - shown.length;
  const isOpen = status === 'collecting';
  return html`<li class="panel" data-id=${id}>
    <header>
      <div>
        <h2><a href=${href('find', { recipient })}>${recipient}</a></h2>
        <span class="muted small"
          ><code>${digestKey}</code> · ${texts.t('digests.items', { count: itemCount })}</span
        >
      </div>
      <span class="muted">${texts.t('digests.closes')} ${timeAgo(closesAt, texts.lang)}</span>
      ${isOpen ? nothing : badge(status)}
      ${
        isOpen
          ? html`<div class="actions">
              <button
                class="button"
                aria-label=${texts.t('held.expediteOf', { what: recipient })}
                @click=${() => drawing.expedite(digest)}
              >
                ${texts.t('held.expedite')}
              </button>
              <button
                class="button"
                aria-label=${texts.t('digests.cancelOf', { what: recipient })}
                @click=${() => drawing.cancel(digest)}
              >
                ${texts.t('digests.cancel')}
              </button>
            </div>`
          : nothing
      }
    </header>
    <ul>
      ${shown.map((item) => row(drawing, digest, item))}
    </ul>
    ${more > 0 ? html`<p class="muted small more">${texts.t('digests.more', { count: more })}</p>` : nothing}
  </li>`;
}

function row(drawing: DigestDrawing, digest: Digest, item: DigestItem): TemplateResult {
  const { texts } = drawing;
  const { id, title, type, channels, addedAt } = item;
  return html`<li>
    <div>
      <a href=${href(`notifications/${encodeURIComponent(id)}`)}>${title}</a>
      <small class="muted">
        ${plain(type)} · ${channels.map((channel) => channelInWords(texts, channel)).join(', ')} ·
        ${timeAgo(addedAt, texts.lang)}
      </small>
    </div>
    ${
      digest.status === 'collecting'
        ? html`<button
            class="link"
            aria-label=${texts.t('digests.removeOf', { what: title })}
            @click=${() => drawing.remove(digest, item)}
          >
            ${texts.t('digests.remove')}
          </button>`
        : nothing
    }
  </li>`;
}

export const digestStyles = css`
  .digests {
    display: grid;
    gap: 14px;
  }
  .digests header h2 {
    overflow-wrap: anywhere;
  }
  .digests header time {
    white-space: nowrap;
  }
  .digests ul li {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 8px 16px;
  }
  .digests ul li + li {
    border-block-start: 1px solid var(--c-line);
  }
  .digests ul li > div {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .digests small {
    display: block;
  }
  .more {
    padding: 6px 16px 12px;
  }
`;
