import { html, nothing, type TemplateResult } from 'lit';
import { href } from '../../addresses.js';
import { bar } from '../../parts/bar.js';
import type { Drawing } from '../../parts/drawing.js';
import { empty } from '../../parts/failure.js';
import { channelIcon } from '../../parts/icons.js';
import { table, type Column } from '../../parts/table.js';
import { channelInWords, plain, reasonInWords } from '../../parts/words.js';
import type { AnalyticsText } from './messages-en.js';
import { latency, percent, type Analytics, type Breakdown } from './shapes.js';

/** Rows of a list of parts. */
const SHOWN = 10;

/** What of it all each channel sent, and how fast. */
export function sharesPanel(
  drawing: Drawing<AnalyticsText>,
  { channels, total_sent: total }: Analytics,
): TemplateResult {
  const { texts, icons } = drawing;
  const { lang } = texts;
  const rows = channels.map(({ channel, sent, failed, latency_ms: ms }) => {
    const share = total === 0 ? 0 : sent / total;
    const words = percent(share, lang);
    return html`<tr data-channel=${channel}>
      <td>
        <span class="with-icon"> ${icons.draw(channelIcon(channel))}${channelInWords(texts, channel)} </span>
      </td>
      <td>${bar([{ tone: 'none', share }], words)}<small>${words}</small></td>
      <td class="number">${sent.toLocaleString(lang)}</td>
      <td class="number">${failed.toLocaleString(lang)}</td>
      <td class="number">${latency(ms.p50, lang)}</td>
      <td class="number">${latency(ms.p95, lang)}</td>
      <td class="number">${latency(ms.p99, lang)}</td>
    </tr>`;
  });
  return panel(
    drawing,
    'analytics.shares',
    [
      [texts.t('analytics.channel')],
      [texts.t('analytics.share')],
      [texts.t('analytics.sent'), 'number'],
      [texts.t('analytics.failed'), 'number'],
      [texts.t('analytics.p50'), 'number'],
      [texts.t('analytics.p95'), 'number'],
      [texts.t('analytics.p99'), 'number'],
    ],
    rows,
  );
}

/** Why what failed did, the most frequent first. */
export function patternsPanel(
  { texts, icons }: Drawing<AnalyticsText>,
  { failure_patterns: patterns }: Analytics,
): TemplateResult {
  const { lang } = texts;
  return html`<section class="panel" aria-labelledby="patterns">
    <header><h2 id="patterns">${texts.t('analytics.patterns')}</h2></header>
    ${
      patterns.length === 0
        ? empty({ texts, icons }, texts.t('analytics.noPatterns'), texts.t('analytics.noPatternsText'))
        : html`<table>
            <tbody>
              ${patterns.slice(0, SHOWN).map(
                ({ failure_reason: failureReason, channel, provider, count, share }) =>
                  html`<tr>
                    <td>
                      <a class="row-link" href=${href('failures', { failureReason, channel, provider })}
                        >${plain(reasonInWords(texts, failureReason))}</a
                      >
                      <small>${channelInWords(texts, channel)} · ${provider}</small>
                    </td>
                    <td>${bar([{ tone: 'bad', share }], percent(share, lang))}</td>
                    <td class="number">${count.toLocaleString(lang)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`;
}

/** The figures of each type, template and role; a part leads to the page's figures of it alone. */
export function partsPanels(
  drawing: Drawing<AnalyticsText>,
  { types, templates, roles }: Analytics,
  days: string,
): (TemplateResult | typeof nothing)[] {
  const { texts } = drawing;
  const templateNamed = (template: string) =>
    template === 'built_in' ? texts.t('analytics.builtIn') : template;
  return [
    parts(
      drawing,
      'analytics.types',
      types.map(({ type, ...one }) => ({ name: plain(type), query: { days, type }, ...one })),
    ),
    parts(
      drawing,
      'analytics.templates',
      templates.map(({ template, channel, type, ...one }) => ({
        name: `${plain(type)} · ${channelInWords(texts, channel)} · ${templateNamed(template)}`,
        query: { days, template, channel, type },
        ...one,
      })),
    ),
    parts(
      drawing,
      'analytics.roles',
      roles.map(({ role, ...one }) => ({ name: role, query: { days, role }, ...one })),
    ),
  ];
}

function parts(
  drawing: Drawing<AnalyticsText>,
  title: AnalyticsText,
  all: readonly (Breakdown & { name: string; query: Record<string, string> })[],
): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  const { texts } = drawing;
  const { lang } = texts;
  const rows = all.slice(0, SHOWN).map(
    ({ name, query, ...one }) =>
      html`<tr>
        <td><a class="row-link" href=${href('analytics', query)}>${name}</a></td>
        <td class="number">${one.sent.toLocaleString(lang)}</td>
        <td class="number">${one.failed.toLocaleString(lang)}</td>
        <td class="number">${percent(one.success_rate, lang)}</td>
        <td class="number wide">${latency(one.latency_ms.p95, lang)}</td>
        <td class="number wide">${percent(one.open_rate, lang)}</td>
        <td class="number wide">${percent(one.click_rate, lang)}</td>
      </tr>`,
  );
  const columns: Column[] = [
    [texts.t('analytics.name')],
    [texts.t('analytics.sent'), 'number'],
    [texts.t('analytics.failed'), 'number'],
    [texts.t('analytics.rate'), 'number'],
    [texts.t('analytics.p95'), 'number wide'],
    [texts.t('analytics.openRate'), 'number wide'],
    [texts.t('analytics.clickRate'), 'number wide'],
  ];
  const more = html`<p class="more">${texts.t('analytics.shown', { count: SHOWN, total: all.length })}</p>`;
  return panel(drawing, title, columns, rows, all.length > SHOWN ? more : nothing);
}

function panel(
  { texts }: Drawing<AnalyticsText>,
  title: AnalyticsText,
  columns: readonly Column[],
  rows: readonly TemplateResult[],
  below: unknown = nothing,
): TemplateResult {
  return html`<section class="panel" aria-labelledby=${title}>
    <header><h2 id=${title}>${texts.t(title)}</h2></header>
    <div class="scroll" tabindex="0" role="group" aria-labelledby=${title}>${table(columns, rows)}</div>
    ${below}
  </section>`;
}
