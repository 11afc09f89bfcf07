import { describe, expect, it } from 'vitest';
import { STYLE_NAME, STYLE_TAG, inertMail } from '../../web/console/parts/inert-mail.js';

describe('a mail that is shown in the console', () => {
  it.each([
    ['<p style="color:red">a</p>', `<p ${STYLE_NAME}="color:red">a</p>`],
    ["<P class=x STYLE = 'a:b'>", `<P class=x ${STYLE_NAME} = 'a:b'>`],
    [
      '<style type="text/css">p > a { x: y }</style>',
      `<${STYLE_TAG} type="text/css">p > a { x: y }</${STYLE_TAG}>`,
    ],
    ['<td title="1 > 0" style="a:b">', `<td title="1 > 0" ${STYLE_NAME}="a:b">`],
    ['<br\nstyle="a:b"/>', `<br\n${STYLE_NAME}="a:b"/>`],
    ['a<!--[if mso]><style>x{}</style><![endif]-->b', 'ab'],
    ['<p data-style="a">style="b"</p>', '<p data-style="a">style="b"</p>'],
    ['<p title="a style=b onx=c" onclick="x()">', '<p title="a style=b onx=c" data-onclick="x()">'],
    ['1 < 2, 3 > 2', '1 < 2, 3 > 2'],
  ])('has its styles and handlers under another name: %s', (html, renamed) => {
    expect(inertMail(html)).toBe(renamed);
  });
});
