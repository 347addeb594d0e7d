// What is wrong with this page for people who do not see it, or use no mouse; and with its colours.
() => {
  const wrong = [];
  const shown = (element) => element.checkVisibility() && element.type !== "hidden";
  const name = (element) => `${element.tagName.toLowerCase()}#${element.id}`;

  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = numbers(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const [dark, light] = [numbers(getComputedStyle(element).color), ground(element)].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  if (!document.documentElement.lang) wrong.push("html has no lang");
  if (!document.title.trim()) wrong.push("there is no title");
  for (const tag of ["h1", "main"]) {
    const count = [...document.querySelectorAll(tag)].filter(shown).length;
    if (count !== 1) wrong.push(`${count} visible ${tag}, expected one`);
  }
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) wrong.push("it scrolls sideways");

  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`id ${id} is there twice`);

  for (const element of [...document.querySelectorAll("input, select, textarea")].filter(shown)) {
    const label = [...element.labels].map((each) => each.innerText).join(" ").trim();
    if (!label) wrong.push(`${name(element)} has no label`);
  }
  for (const element of [...document.querySelectorAll("button, a[href]")].filter(shown)) {
    if (!element.innerText.trim()) wrong.push(`${name(element)} has no text`);
  }
  for (const element of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
    const named = ["aria-describedby", "aria-labelledby"].flatMap((each) => (element.getAttribute(each) || "").split(" "));
    for (const id of named) if (id && !document.getElementById(id)) wrong.push(`${name(element)} refers to #${id}`);
  }
  for (const element of document.querySelectorAll("[tabindex]")) {
    if (element.tabIndex > 0) wrong.push(`${name(element)} jumps the queue by tabindex`);
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !shown(element)) continue;
    const found = contrast(element);
    if (found < 4.5) wrong.push(`${name(element)} contrast ${found.toFixed(2)}, expected 4.5: ${texts.currentNode.data}`);
  }
  return wrong;
}
