"use strict";
// Swagger UI has a dark look of its own, which it takes from this class.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const look = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", look);
look();
window.SwaggerUIBundle({
  spec: window.CONTRACT,
  dom_id: "#spec",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  supportedSubmitMethods: [],
  validatorUrl: null,
});
