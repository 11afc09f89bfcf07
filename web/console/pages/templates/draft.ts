import type { ReactiveControllerHost } from 'lit';
import { asCarillonError, type CarillonError } from '../../../client/carillon-error.js';
import { isAbort } from '../../calls/api.js';
import type { ConsoleContext } from '../../context.js';
import { placePath, type Preview, type Source, type TemplatePlace, type VersionInFull } from './shapes.js';
import { bodyOf, fieldsOf, sourceFrom, textsOf, type MailBody, type SourceField } from './source-fields.js';

/** After the last key, in milliseconds. */
const PREVIEW_AFTER_MS = 350;

/** Where a draft belongs, and whom it asks. */
export interface DraftHost extends Pick<ReactiveControllerHost, 'requestUpdate'> {
  readonly context: ConsoleContext;
  readonly place: TemplatePlace;
}

/** What is being written at a template's place, what the API fills it to, and what it has against it. */
export class Draft {
  written: MailBody = 'mjml';
  /** The version that the texts were opened from. */
  opened?: number;
  isDirty = false;
  isFilling = false;
  /** Sample data, as JSON; undefined until the first preview brought an example. */
  data?: string;
  preview?: Preview;
  refused?: CarillonError;
  badJson?: { field: string; message: string };
  private texts: Readonly<Record<string, string>> = {};
  private timer?: ReturnType<typeof setTimeout>;
  private filling?: AbortController;

  constructor(private readonly host: DraftHost) {}

  get fields(): SourceField[] {
    const { kind, channel } = this.host.place;
    return fieldsOf(kind, channel, this.written);
  }

  textOf(field: string): string {
    return this.texts[field] ?? '';
  }

  /** Begins anew with this source, of this version. */
  take(source: Source, version?: number): void {
    this.written = bodyOf(source);
    this.texts = textsOf(source);
    this.opened = version;
    this.isDirty = false;
    void this.fill();
  }

  write(field: string, text: string): void {
    this.texts = { ...this.texts, [field]: text };
    this.isDirty = true;
    this.fillLater();
  }

  /** Goes on with the same text in another language for mails. */
  writeAs(body: MailBody): void {
    const text = this.textOf(this.written);
    this.written = body;
    this.write(body, text);
  }

  writeData(text: string): void {
    this.data = text;
    this.fillLater();
  }

  /** @throws SyntaxError where {@link dataProblem} has something to say. */
  sampleData(): Record<string, unknown> | undefined {
    if (this.data === undefined || this.data.trim() === '') return undefined;
    return JSON.parse(this.data) as Record<string, unknown>;
  }

  /** Why the sample data cannot be read; undefined where they can. */
  dataProblem(): string | undefined {
    try {
      this.sampleData();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Stores it as a new version, and answers that. Undefined where it was refused, which `refused` then says. */
  async save(more: object): Promise<number | undefined> {
    const body = this.given();
    if (!body) return undefined;
    try {
      const { version } = await this.host.context.api.post<VersionInFull>(this.path('/versions'), {
        source: body.source,
        ...more,
      });
      this.opened = version;
      this.isDirty = false;
      this.refused = undefined;
      return version;
    } catch (error) {
      const known = asCarillonError(error);
      if (known.errors.some(({ path }) => path.startsWith('source'))) this.refused = known;
      else this.host.context.fail(known);
      return undefined;
    }
  }

  /** Of the API, at the template's place. */
  path(what = ''): string {
    const { topic } = this.host.place;
    return `/v1/${placePath(this.host.place)}${what}${topic === null ? '' : `?topic=${encodeURIComponent(topic)}`}`;
  }

  close(): void {
    clearTimeout(this.timer);
    this.filling?.abort();
  }

  private fillLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.fill(), PREVIEW_AFTER_MS);
    this.host.requestUpdate();
  }

  /** Has the API fill what stands in the fields. */
  private async fill(): Promise<void> {
    this.filling?.abort();
    if (this.host.place.kind === 'partials') return this.host.requestUpdate();
    const body = this.given();
    if (!body) return;
    const own = (this.filling = new AbortController());
    this.isFilling = true;
    this.host.requestUpdate();
    try {
      const preview = await this.host.context.api.post<Preview>(this.path('/preview'), body);
      if (own.signal.aborted) return;
      this.preview = preview;
      this.refused = undefined;
      this.data ??= JSON.stringify(preview.data, null, 2);
    } catch (error) {
      if (own.signal.aborted || isAbort(error)) return;
      this.refused = asCarillonError(error);
    }
    this.isFilling = false;
    this.host.requestUpdate();
  }

  /** What stands in the fields, as the API takes it; undefined, and said, where one of them is no JSON. */
  private given(): { source: Source; data?: Record<string, unknown> } | undefined {
    this.badJson = undefined;
    let field = 'source';
    try {
      const source = sourceFrom(this.fields, this.texts);
      field = 'data';
      const data = this.host.place.kind === 'templates' ? this.sampleData() : undefined;
      return { source, ...(data === undefined ? {} : { data }) };
    } catch (error) {
      this.badJson = { field, message: (error as Error).message };
      this.host.requestUpdate();
      return undefined;
    }
  }
}
