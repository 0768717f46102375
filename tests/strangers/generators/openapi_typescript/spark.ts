// Creates, reads, lists, changes and removes a contact by the types that openapi-typescript makes.
import assert from "node:assert/strict";
import { argv } from "node:process";
import createClient from "openapi-fetch";
import type { paths } from "./types";

const [url, token, mark] = argv.slice(2);
const service = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });

async function main(): Promise<void> {
  const D = { DisplayName: mark, PrimaryEmail: `${mark}@example.com`, GivenName: "Ada", Tags: [mark] };
  const created = await service.POST("/v1/contacts", { body: { D } });
  assert.ok(created.data && created.data.D.Results);
  const listed = await service.GET("/v1/contacts", {
    params: { query: { _filter: `DisplayName Eq '${mark}'`, _limit: 5, _pagination: "1" } },
  });
  assert.equal(listed.data?.D.Pagination?.TotalRows, 1);
  const params = { path: { Id: listed.data?.D.Results?.[0].Id ?? "" } };

  const found = await service.GET("/v1/contacts/{Id}", { params });
  assert.equal(found.data?.D.Results?.[0].DisplayName, mark);
  assert.deepEqual(found.data?.D.Results?.[0].Tags, [mark]);

  const changed = await service.PUT("/v1/contacts/{Id}", { params, body: { D: { FamilyName: "Byron" } } });
  assert.equal(changed.data?.D.Success, true);
  const again = await service.GET("/v1/contacts/{Id}", { params });
  assert.equal(again.data?.D.Results?.[0].FamilyName, "Byron");

  assert.equal((await service.DELETE("/v1/contacts/{Id}", { params })).data?.D.Success, true);
  const gone = await service.GET("/v1/contacts/{Id}", { params });
  assert.equal(gone.error?.D.Code, 404);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
