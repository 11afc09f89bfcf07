import { css, html, LitElement, unsafeCSS, type PropertyValues, type TemplateResult } from 'lit';
import uPlot from 'uplot';
import plotStyles from 'uplot/dist/uPlot.min.css?inline';
import { theme } from '../../../elements/shared/theme.js';
import { consoleStyles } from '../../parts/styles.js';

/** One line, or one layer of bars: later ones stand in front. */
export interface Series {
  label: string;
  tone: 'accent' | 'good' | 'bad' | 'waiting';
  kind: 'line' | 'bars';
  /** By day; null where there is nothing to tell. */
  values: readonly (number | null)[];
  /** What the legend says of a day, where that is not its value: of bars that stand on others. */
  told?: readonly (number | null)[];
}

const HEIGHT_PX = 210;
const NARROW_PX = 420;

/**
 * `<console-chart>`: days on a canvas, for the eye and the pointer alone: whoever draws it puts a table beside it. Its
 * colours are the theme's and follow it.
 */
export class ConsoleChart extends LitElement {
  static override styles = [
    unsafeCSS(plotStyles),
    theme,
    consoleStyles,
    css`
      :host {
        display: block;
        min-height: 246px;
      }
      .u-legend {
        margin: 2px 0 4px;
        font:
          12.5px/1.4 system-ui,
          sans-serif;
        color: var(--c-text);
      }
      .u-legend th,
      .u-legend td {
        padding: 2px 4px;
        border: 0;
        background: none;
        font-size: 12.5px;
        color: inherit;
      }
      .u-legend .u-value {
        font-variant-numeric: tabular-nums;
      }
      .u-hz .u-cursor-x,
      .u-hz .u-cursor-y {
        border-color: var(--c-muted);
      }
      .accent {
        color: var(--c-accent);
      }
      .good {
        color: var(--c-success);
      }
      .bad {
        color: var(--c-error);
      }
      .waiting {
        color: var(--c-warning);
      }
      .text {
        color: var(--c-muted);
      }
      .grid {
        color: var(--c-line);
      }
    `,
  ];
  static override properties = {
    days: { attribute: false },
    series: { attribute: false },
    format: { attribute: false },
    highest: { attribute: false },
    dayLabel: {},
  };

  /** `2026-12-04`, one after the other. */
  declare days: readonly string[];
  declare series: readonly Series[];
  declare format: (value: number) => string;
  /** Of the axis; what fits the values, where it is not given. */
  declare highest: number | undefined;
  /** What the legend calls the day under the pointer. */
  declare dayLabel: string;

  private plot?: uPlot;
  private readonly resized = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width > 0 && this.plot && width !== this.plot.width) this.draw();
  });
  private readonly recolored = () => this.draw();
  private readonly themed = new MutationObserver(this.recolored);
  private readonly scheme = matchMedia('(prefers-color-scheme: dark)');

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
    this.themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.scheme.addEventListener('change', this.recolored);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.themed.disconnect();
    this.scheme.removeEventListener('change', this.recolored);
    this.plot?.destroy();
    this.plot = undefined;
  }

  protected override updated(_changed: PropertyValues): void {
    this.draw();
  }

  protected override render(): TemplateResult {
    const tones = ['accent', 'good', 'bad', 'waiting', 'text', 'grid'];
    return html`<div id="plot" aria-hidden="true"></div>
      ${tones.map((tone) => html`<i class=${tone} hidden></i>`)}`;
  }

  /** What a token comes to now, as a canvas takes it. */
  private color(tone: string): string {
    const probe = this.shadowRoot?.querySelector(`i.${tone}`);
    return probe ? getComputedStyle(probe).color : '';
  }

  private draw(): void {
    const place = this.shadowRoot?.getElementById('plot');
    const width = Math.floor(this.clientWidth);
    if (!place || width === 0) return;
    this.plot?.destroy();
    const x = this.days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000);
    const data = [x, ...this.series.map(({ values }) => [...values])] as uPlot.AlignedData;
    this.plot = new uPlot(this.options(width), data, place);
  }

  private options(width: number): uPlot.Options {
    const [text, grid] = [this.color('text'), this.color('grid')];
    const axis = {
      stroke: text,
      font: '11.5px system-ui, sans-serif',
      grid: { stroke: grid, width: 1 },
      ticks: { show: false },
    };
    const day = new Intl.DateTimeFormat(this.language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
    const asDay = (seconds: number) => day.format(seconds * 1000);
    return {
      width,
      height: HEIGHT_PX,
      padding: [10, 22, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
      cursor: { y: false, drag: { x: false, y: false } },
      legend: { live: true },
      scales: {
        x: { range: (_plot, from, to) => [from - 43_200, to + 43_200] },
        y: { range: (_plot, _from, to) => [0, this.highest ?? (to > 0 ? to * 1.08 : 1)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: width < NARROW_PX ? 70 : 56,
          incrs: [1, 2, 5, 7, 14, 30].map((days) => days * 86_400),
          values: (_plot, splits) => splits.map(asDay),
        },
        { ...axis, size: 58, values: (_plot, splits) => splits.map((value) => this.format(value)) },
      ],
      series: [
        {
          label: this.dayLabel,
          value: (_plot, value: number | null) => (value === null ? '–' : asDay(value)),
        },
        ...this.series.map((one) => this.drawn(one)),
      ],
    };
  }

  private drawn({ label, tone, kind, told, values }: Series): uPlot.Series {
    const stroke = this.color(tone);
    const say = (value: number | null | undefined) => (typeof value === 'number' ? this.format(value) : '–');
    return {
      label,
      stroke,
      value: (_plot, _value, _series, place) => say(place === null ? null : (told ?? values)[place]),
      points: { show: kind === 'line' && this.days.length < 3 },
      ...(kind === 'bars'
        ? { fill: stroke, width: 0, paths: uPlot.paths.bars?.({ size: [0.72, 26], radius: 0.15 }) }
        : { width: 2, spanGaps: true }),
    };
  }

  private get language(): string {
    return document.documentElement.lang || navigator.language;
  }
}

customElements.define('console-chart', ConsoleChart);
