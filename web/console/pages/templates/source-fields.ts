import type { Kind, Source } from './shapes.js';

/** A part of a source, as the editor asks for it. */
export interface SourceField {
  name: string;
  /** `code` in the big editor, `json` too, but it holds an object. */
  kind: 'line' | 'text' | 'code' | 'json';
  isOptional?: boolean;
}

/** In what a mail's body may be written. */
export const mailBodies = ['mjml', 'html', 'text'] as const;
export type MailBody = (typeof mailBodies)[number];

/** The fields of a place's source; `written` is for mails. */
export function fieldsOf(kind: Kind, channel: string | undefined, written: MailBody): SourceField[] {
  if (kind === 'layouts') return [{ name: 'mjml', kind: 'code' }];
  if (kind === 'partials') return [{ name: 'text', kind: 'code' }];
  switch (channel) {
    case 'email':
      return [
        { name: 'subject', kind: 'line' },
        { name: written, kind: 'code' },
        ...(written === 'html' ? [] : [{ name: 'layout', kind: 'line', isOptional: true } as const]),
        ...(written === 'text' ? [] : [{ name: 'text', kind: 'text', isOptional: true } as const]),
      ];
    case 'in_app':
      return [
        { name: 'title', kind: 'line' },
        { name: 'message', kind: 'code' },
      ];
    case 'push':
      return [
        { name: 'title', kind: 'line' },
        { name: 'body', kind: 'code' },
      ];
    case 'webhook':
      return [{ name: 'body', kind: 'json' }];
    case 'sms':
    case 'slack':
    case 'teams':
    case 'whatsapp':
      return [{ name: 'text', kind: 'code' }];
    case undefined:
    default:
      return [
        { name: 'title', kind: 'line', isOptional: true },
        { name: 'text', kind: 'code' },
      ];
  }
}

/** In what a stored mail is written. */
export function bodyOf(source: Source): MailBody {
  return mailBodies.find((one) => typeof source[one] === 'string') ?? 'mjml';
}

/** A source as texts to edit. */
export function textsOf(source: Source): Record<string, string> {
  return Object.fromEntries(
    Object.entries(source).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value, null, 2),
    ]),
  );
}

/**
 * The texts as a source: what is optional and empty is left out.
 * @throws SyntaxError where a field should be JSON and is not
 */
export function sourceFrom(fields: readonly SourceField[], texts: Readonly<Record<string, string>>): Source {
  const source: Source = {};
  for (const { name, kind, isOptional } of fields) {
    const text = texts[name] ?? '';
    if (isOptional && text.trim() === '') continue;
    source[name] = kind === 'json' ? (JSON.parse(text === '' ? '{}' : text) as unknown) : text;
  }
  return source;
}

/** The lines that errors of a field name: `line 3: …` at `source.mjml`; lines of partials are elsewhere. */
export function linesNamed(errors: readonly { path: string; message: string }[], field: string): number[] {
  return errors.flatMap(({ path, message }) => {
    const [, line] = /^line (\d+):/.exec(message) ?? [];
    return path === `source.${field}` && line !== undefined ? [Number(line)] : [];
  });
}

/** What the first version of a template begins with. */
export function starterOf(kind: Kind, channel: string | undefined): Source {
  if (kind === 'layouts')
    return {
      mjml: `<mjml>
  <mj-body>
    <mj-section>
      <mj-column><mj-text font-size="18px">{{ tenant.name }}</mj-text></mj-column>
    </mj-section>
    {{ content }}
    <mj-section>
      <mj-column>
        <mj-text color="#596171">
          {{ mail.why }}
          {% if mail.unsubscribeUrl %}<a href="{{ mail.unsubscribeUrl }}">{{ mail.unsubscribe }}</a>{% endif %}
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>`,
    };
  if (kind === 'partials') return { text: '{{ tenant.name }}' };
  if (channel === 'email')
    return {
      subject: 'News from {{ tenant.name }}',
      mjml: '<mj-text>\n  Hello {{ recipient.id }},\n</mj-text>\n<mj-button href="{{ notification.actionUrl }}">\n  Open\n</mj-button>',
    };
  if (channel === 'in_app')
    return { title: 'News from {{ tenant.name }}', message: 'Hello {{ recipient.id }}' };
  if (channel === 'push') return { title: '{{ tenant.name }}', body: 'Hello {{ recipient.id }}' };
  if (channel === 'webhook') return { body: { recipient: '{{ recipient.id }}' } };
  return { text: '{{ tenant.name }}: hello {{ recipient.id }}' };
}
