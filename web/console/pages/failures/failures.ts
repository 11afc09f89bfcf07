import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { bar } from '../../parts/bar.js';
import { channelChoices, reasonChoices } from '../../parts/choices.js';
import { emptyPanel, failure } from '../../parts/failure.js';
import { filterBar, type Filter } from '../../parts/filters.js';
import { channelIcon } from '../../parts/icons.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { perform } from '../../parts/perform.js';
import { href } from '../../addresses.js';
import type { FailurePattern, Figures, Redrive } from '../../calls/shapes.js';
import { adviceFor, channelInWords, plain, reasonInWords } from '../../parts/words.js';
import { english, type FailuresText } from './failures-messages-en.js';
import { isRunning, redriveList } from './redrive-list.js';

addMessages('en', english);

const DAY_MS = 86_400_000;
const PERIODS = ['1', '7', '30'] as const;
const CALM_MS = 20_000;
const BUSY_MS = 1_500;
/** Redrives that are shown: the newest. */
const REDRIVES = 5;

/** `/console/failures`: what failed and why, together, with a way to try it again. */
export class ConsoleFailures extends ConsolePage<FailuresText> {
  static override styles = [
    ...ConsolePage.styles,
    css`
      .groups {
        display: grid;
        gap: 12px;
      }
      .group {
        display: grid;
        gap: 8px;
        padding: 14px 16px;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
      }
      .line > :first-child {
        flex: 1 1 220px;
        min-width: 0;
      }
      .group b {
        font-size: 18px;
        font-variant-numeric: tabular-nums;
      }
      .group .progress,
      .redrives .progress {
        height: 5px;
      }
      .progress rect {
        fill: var(--tone, var(--c-line));
      }
      .redrives li {
        display: grid;
        gap: 7px;
        padding: 12px 16px;
      }
      .redrives li + li {
        border-block-start: 1px solid var(--c-line);
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 14px;
      }
    `,
  ];

  private readonly figures = new Loader<Figures>(this, (signal) => {
    const { channel, type } = Object.fromEntries(this.query);
    return this.context.api.get('/v1/analytics', { from: this.from, channel, type }, signal);
  });
  private readonly redrives = new Loader<Redrive[]>(
    this,
    async (signal) => {
      const page = await this.context.api.get<Page<Redrive>>('/v1/redrives', { limit: REDRIVES }, signal);
      return page.items;
    },
    (items) => this.redrives.every(items.some(isRunning) ? BUSY_MS : undefined),
  );

  override get heading(): string {
    return this.texts.t('failures.title');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.redrives.load();
    this.figures.every(CALM_MS);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.figures.restart();
  }

  private get days(): (typeof PERIODS)[number] {
    return PERIODS.find((one) => one === this.query.get('days')) ?? '1';
  }

  private get from(): string {
    return new Date(Date.now() - Number(this.days) * DAY_MS).toISOString();
  }

  protected override render(): TemplateResult {
    const { texts, icons, query, context, figures, redrives } = this;
    const drawing = { texts, icons };
    return html`<div class="page">
      ${this.head({ text: texts.t('failures.text') })}
      ${filterBar(drawing, this.filters(), { query, path: href('failures'), context })}
      ${loaded(drawing, figures, (value) => this.groups(value))}
      ${redrives.error ? failure(drawing, redrives.error, () => void redrives.load()) : nothing}
      ${
        redrives.value && redrives.value.length > 0
          ? redriveList({ ...drawing, cancel: (one) => void this.stop(one) }, redrives.value)
          : nothing
      }
    </div>`;
  }

  private filters(): Filter[] {
    const { texts } = this;
    return [
      {
        name: 'days',
        label: texts.t('failures.period'),
        none: texts.t('failures.days.1'),
        options: PERIODS.slice(1).map((value) => ({ value, label: texts.t(`failures.days.${value}`) })),
      },
      { name: 'failureReason', label: texts.t('failures.reason'), options: reasonChoices(texts) },
      { name: 'channel', label: texts.t('failures.channel'), options: channelChoices(texts) },
      { name: 'provider', label: texts.t('failures.provider'), placeholder: 'smtp' },
    ];
  }

  private groups({ failure_patterns: patterns }: Figures): TemplateResult {
    const { texts, icons, query } = this;
    const fits = (name: string, value: string) => [null, '', value].includes(query.get(name));
    const shown = patterns.filter(
      ({ failure_reason: reason, provider }) => fits('failureReason', reason) && fits('provider', provider),
    );
    if (shown.length === 0)
      return emptyPanel({ texts, icons }, texts.t('failures.none'), texts.t('failures.noneText'));
    return html`<ul class="groups">
      ${shown.map((pattern) => this.group(pattern))}
    </ul>`;
  }

  private group(pattern: FailurePattern): TemplateResult {
    const { texts, icons } = this;
    const { failure_reason: failureReason, channel, provider, count, share } = pattern;
    const advice = adviceFor(texts, failureReason);
    const percent = new Intl.NumberFormat(texts.lang, { style: 'percent' }).format(share);
    const see = href('deliveries', { failureReason, channel, provider, from: this.from });
    return html`<li class="panel group" data-reason=${failureReason}>
      <div class="line">
        <div>
          <h2>${plain(reasonInWords(texts, failureReason))}</h2>
          <span class="with-icon muted">
            ${icons.draw(channelIcon(channel))}${channelInWords(texts, channel)} · ${provider}
          </span>
        </div>
        <div class="end">
          <b>${count.toLocaleString(texts.lang)}</b>
          <small class="muted">${texts.t('failures.share', { share: percent })}</small>
        </div>
      </div>
      ${bar([{ tone: 'bad', share }], texts.t('failures.share', { share: percent }))}
      <div class="line">
        <p class="muted">${advice}</p>
        <a class="button" href=${see}>${texts.t('failures.see')}</a>
        ${
          channel === 'in_app'
            ? nothing
            : html`<button class="button" @click=${() => this.redrive(pattern)}>
                ${icons.draw('refresh')}${texts.t('failures.redrive')}
              </button>`
        }
      </div>
    </li>`;
  }

  /** Counts first what would be tried, then asks. */
  private async redrive(pattern: FailurePattern): Promise<void> {
    const { texts, context } = this;
    const { failure_reason: failureReason, channel, provider } = pattern;
    const filter = { failureReason, channel, provider, from: this.from };
    let count: number;
    try {
      const body = { filter, dryRun: true };
      ({ count } = await context.api.post<{ count: number }>('/v1/deliveries/redrive', body));
    } catch (error) {
      return context.fail(error);
    }
    if (count === 0) return context.say(texts.t('failures.nothing'));
    await perform(context, {
      question: {
        title: texts.t('failures.askTitle', { count }),
        text: texts.t('failures.askText'),
        confirm: texts.t('failures.askConfirm', { count }),
      },
      call: () => context.api.post('/v1/deliveries/redrive', { filter }),
      said: texts.t('failures.started'),
      after: () => this.redrives.load(),
    });
  }

  private async stop({ id }: Redrive): Promise<void> {
    const { texts, context } = this;
    await perform(context, {
      question: {
        title: texts.t('redrives.cancelTitle'),
        text: texts.t('redrives.cancelText'),
        confirm: texts.t('redrives.cancelConfirm'),
        isDangerous: true,
      },
      call: () => context.api.post(`/v1/redrives/${encodeURIComponent(id)}/cancel`),
      said: texts.t('redrives.cancelled'),
      after: () => this.redrives.load(),
    });
  }
}

customElements.define('console-failures', ConsoleFailures);
