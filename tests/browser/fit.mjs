// What a page has to keep to on a phone, as a list of what it does not.

/** A phone as narrow as they are sold. */
export const PHONE = { width: 360, height: 780 };

/** A picture that nobody unfolded is no higher, in pixels, with the bar that scrolls it. */
const MAX_PICTURE = 480;

/** Longer runs of letters and digits have no place to break in: hashes and the like. */
const MAX_WORD = 28;

/** What is wrong with a page in a window of that size. */
export const misfits = (tab) =>
  tab.evaluate(
    ({ MAX_PICTURE, MAX_WORD }) => {
      const found = [];
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth - clientWidth} pixels too wide`);
      const theme = document.getElementById("theme").getBoundingClientRect();
      if (theme.width === 0 || theme.left < 0 || theme.right > clientWidth || theme.top < 0 || theme.bottom > innerHeight) found.push("the theme switch is out of view");
      for (const picture of document.querySelectorAll(".picture")) {
        if (picture.checkVisibility() && !picture.closest("details:not([open])") && picture.offsetHeight > MAX_PICTURE) found.push(`a picture is ${picture.offsetHeight} pixels high`);
      }
      // No word is broken in the middle: letters and digits in a row stand in one line.
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const around = text.parentElement;
        if (/^(script|style|noscript|text|title|option)$/.test(around.localName) || around.closest("pre, .hidden") || !around.checkVisibility()) continue;
        for (const { 0: word, index } of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
          if (word.length > MAX_WORD) continue;
          const range = document.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
          if (lines.size > 1 && getComputedStyle(around).writingMode === "horizontal-tb") found.push(`${word} is broken in the middle`);
        }
      }
      return found;
    },
    { MAX_PICTURE, MAX_WORD },
  );
