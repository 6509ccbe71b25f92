import { describe, expect, it } from "vitest";
import { htmlToText } from "../../../server-agent/agents/html-to-text.ts";

const text = (html: string) => htmlToText(html, "https://site.test/docs/page");

describe("the text of a page", () => {
  it.each([
    ["<h2>Title</h2><p>One\n two</p><p>Three</p>", "## Title\n\nOne two\n\nThree"],
    ["<ul><li>a<li>b</ul>", "- a\n- b"],
    ["a<script>if (a<b) x('</p>')</script>b<style>p{}</style>c<!-- <p>d --> e", "abc e"],
    ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"],
    ["<pre>a\nb</pre>c\nd", "a\nb\nc d"],
    ["1 < 2 && 3 > 2", "1 < 2 && 3 > 2"],
    ["&lt;b&gt; &#228;&#xE4;&nbsp;&auml; &bogus; &#0;&#99999999;", "<b> ää &auml; &bogus; &#99999999;"],
    [
      "<a href='../x?a=1&amp;b=2'>x</a> <a href=\"#top\">up</a> <a href=javascript:evil()>no</a>",
      "x (https://site.test/x?a=1&b=2) up no",
    ],
    ["<p title='<script>'>shown</p>", "'>shown"],
    ["cut <a href='/x", "cut"],
    ["<noscript>hidden</noscript><template>hidden</template>seen", "seen"],
    ["<script>never closed", ""],
  ])("of %j", (html, expected) => expect(text(html)).toBe(expected));

  it.each(["<", "<a ", "<!--", "</", "<script", "&", "<a href='", "<p>", " "])(
    "takes no longer than the page is long, for a megabyte of %j",
    (piece) => {
      const started = performance.now();
      text(piece.repeat(1_000_000 / piece.length));
      expect(performance.now() - started).toBeLessThan(8_000);
    },
  );
});
