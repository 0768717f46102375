"use strict";
// Draws the spec with Redoc in the colours of the site. A change of the colour scheme draws the page again.
(() => {
  const style = getComputedStyle(document.documentElement);
  const [ink, dim, ground, soft, line, link, good, bad, open] = ["ink", "dim", "ground", "soft", "line", "link", "good", "bad", "open"]
    .map((name) => style.getPropertyValue(`--${name}`).trim());
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const mono = "ui-monospace, monospace";
  const theme = {
    colors: {
      primary: { main: "#0b5cad" }, success: { main: good }, warning: { main: open }, error: { main: bad },
      text: { primary: ink, secondary: dim }, border: { dark: line, light: line }, gray: { 50: soft, 100: soft },
      responses: { success: { color: good }, error: { color: bad }, redirect: { color: open }, info: { color: dim } },
    },
    schema: { linesColor: dim, typeNameColor: dim, typeTitleColor: dim, requireLabelColor: bad, nestedBackground: soft, arrow: { color: dim } },
    typography: {
      fontSize: "15px", fontFamily: "system-ui, sans-serif", headings: { fontFamily: "system-ui, sans-serif", fontWeight: "600" },
      code: { fontFamily: mono, color: ink, backgroundColor: soft }, links: { color: link, visited: link, hover: link },
    },
    sidebar: { backgroundColor: soft, textColor: ink, activeTextColor: link, groupItems: { textTransform: "none" } },
    rightPanel: { backgroundColor: dark.matches ? soft : "#263238", servers: { overlay: { backgroundColor: ground, textColor: ink }, url: { backgroundColor: soft } } },
  };
  const options = {
    theme, disableSearch: true, hideDownloadButtons: true, nativeScrollbars: true, hideLoading: true,
    expandResponses: "all", jsonSamplesExpandLevel: "all", schemasExpansionLevel: "all", sortRequiredPropsFirst: true,
  };
  const place = document.getElementById("spec");

  // Redoc gives its selections no names, which those need who cannot see what stands around them.
  function name() {
    for (const select of place.querySelectorAll("select:not([aria-label])")) select.setAttribute("aria-label", "Choose what is shown");
  }

  window.Redoc.init(window.CONTRACT, options, place, (error) => {
    if (error) throw error;
    new MutationObserver(name).observe(place, { childList: true, subtree: true });
    name();
    place.dataset.drawn = "yes";
  });
  dark.addEventListener("change", () => location.reload());
})();
