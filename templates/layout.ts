/**
 * How the mails look that Carillon writes: MJML whose texts are the Liquid variables of `mail` (mail.ts), so it is
 * compiled once for all types and languages. Everything that comes in by a variable is escaped.
 *
 * Colours for dark mode stand in the style sheets, since inline ones cannot ask for the reader's scheme; mail programs
 * that drop style sheets show the light mail. Nothing is loaded from outside but the tenant's own logo: no font.
 */

/** The layout of a tenant that has none of its own: who writes above the content, and why below it. */
export const ownFrame = `<mjml lang="{{ mail.locale }}">
  <mj-head>
    <mj-title>{{ mail.subject }}</mj-title>
    <mj-preview>{{ mail.preview }}</mj-preview>
    <mj-raw>
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <meta name="format-detection" content="telephone=no,date=no,address=no,email=no" />
    </mj-raw>
    <mj-attributes>
      <mj-all font-family="-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="26px" color="#3f4753" padding="0 32px 16px" />
      <mj-table font-size="15px" line-height="24px" color="#3f4753" padding="0 32px 16px" />
      <mj-button css-class="action" align="left" background-color="{{ mail.look.button }}" color="{{ mail.look.buttonText }}" border-radius="8px" font-size="16px" font-weight="600" line-height="20px" inner-padding="13px 26px" padding="8px 32px 16px" />
    </mj-attributes>
    <mj-style>
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      @media (prefers-color-scheme: dark) {
        .page, .page > div { background: #14161a !important; background-color: #14161a !important; }
        .brand > div { color: #f3f5f7 !important; }
        .foot > div, .foot a { color: #a3acb9 !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body width="584px" background-color="#f3f4f6" css-class="page">
    <mj-section padding="32px 12px 16px">
      <mj-column>
        <mj-text css-class="brand" font-size="15px" line-height="20px" font-weight="600" color="#1b2028" padding="0 8px">{% if mail.logoUrl %}<img src="{{ mail.logoUrl }}" alt="{{ mail.tenantName }}" height="44" style="display:block;height:44px;width:auto;max-width:240px;border:0;font-size:15px;" />{% else %}{{ mail.tenantName }}{% endif %}</mj-text>
      </mj-column>
    </mj-section>
    {{ content }}
    <mj-section padding="20px 12px 40px">
      <mj-column>
        <mj-text css-class="foot" font-size="13px" line-height="20px" color="#667080" padding="0 8px">{% for line in mail.footer %}{{ line }}<br />{% if forloop.last %}<br />{% endif %}{% endfor %}{{ mail.why }}{% if mail.unsubscribeUrl %}<br /><a href="{{ mail.unsubscribeUrl }}" style="color:#667080;text-decoration:underline;">{{ mail.unsubscribe }}</a>{% endif %}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

/** What the card needs in the head of whatever layout it stands in. */
export const cardHead = `
<mj-attributes>
  <mj-class name="card-text" font-size="16px" line-height="26px" color="#3f4753" padding="0 32px 16px" />
</mj-attributes>
<mj-style>
  .card > table { border-collapse: separate; }
  .card div, .facts td, .entries td { overflow-wrap: anywhere; }
  .facts td:first-child { overflow-wrap: normal; word-break: normal; }
  @media (max-width: 480px) {
    .pad, .heading, .label, .facts, .entries, .quote, .button { padding-left: 22px !important; padding-right: 22px !important; }
    .pad > div, .quote td { font-size: 15px !important; line-height: 24px !important; }
    .heading > div { font-size: 22px !important; line-height: 29px !important; }
    .action td { text-align: center !important; }
    .action a { display: block !important; }
    .action { width: 100% !important; }
  }
  @media (prefers-color-scheme: dark) {
    .card, .card > table { background: #1f2329 !important; background-color: #1f2329 !important; }
    .card > table > tbody > tr > td { border-color: #333941 !important; }
    .own div, .own td, .pad > div, .facts td, .entries td, .quote td { color: #cdd3db !important; }
    .heading > div, .facts td + td, .entries strong, .entries a { color: #f3f5f7 !important; }
    .label > div, .label span, .facts td:first-child, .entries .note { color: #a3acb9 !important; }
    .facts td, .entries td { border-color: #333941 !important; }
    .quote td { background: #282d35 !important; }
    .action td, .action a { background: {{ mail.look.darkButton }} !important; color: {{ mail.look.darkButtonText }} !important; }
  }
</mj-style>
`;

/** The content of a mail that Carillon lays out; `above` is the space over it. */
export const card = (above: string) => `
<mj-wrapper padding="${above} 12px 0">
  <mj-section css-class="card" background-color="#ffffff" border="1px solid #e3e6ea" border-radius="12px" padding="0 0 20px">
    <mj-column>
      <mj-text padding="0 0 28px"><div style="height:4px;line-height:4px;font-size:4px;border-radius:12px 12px 0 0;background:{{ mail.look.line }};">&#8203;</div></mj-text>
      <mj-raw>{% if mail.label != "" %}</mj-raw>
      <mj-text css-class="label" font-size="13px" line-height="18px" font-weight="600" padding="0 32px 8px"><span style="color:{{ mail.color }}">{{ mail.label }}</span></mj-text>
      <mj-raw>{% endif %}{% if mail.heading != "" %}</mj-raw>
      <mj-text css-class="heading" font-size="25px" line-height="33px" font-weight="700" color="#1b2028" padding="0 32px 16px">{{ mail.heading }}</mj-text>
      <mj-raw>{% endif %}{% for paragraph in mail.paragraphs %}</mj-raw>
      <mj-text mj-class="card-text" css-class="pad">{% for line in paragraph %}{{ line }}{% unless forloop.last %}<br />{% endunless %}{% endfor %}</mj-text>
      <mj-raw>{% endfor %}{% if mail.quote.size > 0 %}</mj-raw>
      <mj-table css-class="quote" font-size="16px" line-height="26px" color="#3f4753" padding="0 32px 20px">
        <tr><td style="padding:14px 18px;background:#f5f6f8;border-left:3px solid {{ mail.color }};border-radius:0 8px 8px 0;">{% for line in mail.quote %}{{ line }}{% unless forloop.last %}<br />{% endunless %}{% endfor %}</td></tr>
      </mj-table>
      <mj-raw>{% endif %}{% if mail.items.size > 0 %}</mj-raw>
      <mj-text mj-class="card-text" css-class="pad"><ul style="margin:0;padding:0 0 0 20px;">{% for item in mail.items %}<li style="margin:0 0 4px;">{{ item }}</li>{% endfor %}</ul></mj-text>
      <mj-raw>{% endif %}{% if mail.entries.size > 0 %}</mj-raw>
      <mj-table css-class="entries" font-size="15px" line-height="22px" color="#3f4753" padding="4px 32px 16px">
        {% for entry in mail.entries %}<tr><td style="padding:14px 0;border-top:1px solid #e7e9ed;">{% if entry.link %}<a href="{{ entry.link }}" target="_blank" style="color:#1b2028;font-weight:600;text-decoration:underline;">{{ entry.title }}</a>{% else %}<strong style="color:#1b2028;font-weight:600;">{{ entry.title }}</strong>{% endif %}{% if entry.text != "" %}<br />{{ entry.text }}{% endif %}{% if entry.note != "" %}<br /><span class="note" style="font-size:13px;color:#667080;">{{ entry.note }}</span>{% endif %}</td></tr>{% endfor %}
        {% if mail.rest != "" %}<tr><td style="padding:14px 0 6px;border-top:1px solid #e7e9ed;">{{ mail.rest }}</td></tr>{% endif %}
      </mj-table>
      <mj-raw>{% endif %}{% if mail.facts.size > 0 %}</mj-raw>
      <mj-table css-class="facts" font-size="15px" line-height="22px" color="#3f4753" padding="4px 32px 16px">
        {% for fact in mail.facts %}<tr><td width="34%" valign="top" style="padding:10px 16px 10px 0;border-top:1px solid #e7e9ed;color:#667080;">{{ fact.label }}</td><td valign="top" style="padding:10px 0;border-top:1px solid #e7e9ed;color:#1b2028;font-weight:500;">{{ fact.value }}</td></tr>{% endfor %}
      </mj-table>
      <mj-raw>{% endif %}{% if mail.link %}</mj-raw>
      <mj-text css-class="button" padding="8px 32px 16px"><table role="presentation" border="0" cellpadding="0" cellspacing="0" class="action" style="border-collapse:separate;"><tr><td bgcolor="{{ mail.look.button }}" style="border-radius:8px;background:{{ mail.look.button }};"><a href="{{ mail.link }}" target="_blank" style="display:inline-block;padding:13px 26px;border-radius:8px;background:{{ mail.look.button }};color:{{ mail.look.buttonText }};font-size:16px;line-height:20px;font-weight:600;text-decoration:none;">{{ mail.button }}</a></td></tr></table></mj-text>
      <mj-raw>{% endif %}</mj-raw>
    </mj-column>
  </mj-section>
</mj-wrapper>
`;

/** Where what stands in a column, and not in sections of its own, is put. */
export const columns = {
  inOwnFrame: [
    `<mj-wrapper padding="0 12px"><mj-section css-class="card own" background-color="#ffffff" border="1px solid #e3e6ea" border-radius="12px" padding="32px 0 20px"><mj-column>`,
    `</mj-column></mj-section></mj-wrapper>`,
  ],
  inTenants: [`<mj-section><mj-column>`, `</mj-column></mj-section>`],
} as const;
