"""The explorer as an ASGI application: which address shows what, each answer from one snapshot."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import anyio
import anyio.to_thread
import duckdb
from starlette.applications import Starlette
from starlette.routing import Route

from nascar_warehouse.warehouse.errors import NascarError, UsageError
from nascar_warehouse.warehouse.explorer import (
    api,
    closest_page,
    driver_page,
    place_pages,
    race_page,
    search_page,
    season_page,
    sql_page,
    status_page,
)
from nascar_warehouse.warehouse.explorer.answer import Answer, AnswerCache
from nascar_warehouse.warehouse.explorer.encoding import encode_json
from nascar_warehouse.warehouse.explorer.gate import Gate
from nascar_warehouse.warehouse.explorer.page import Asked, NotFound, StatusReader
from nascar_warehouse.warehouse.explorer.published import Published
from nascar_warehouse.warehouse.explorer.respond import respond
from nascar_warehouse.warehouse.explorer.site import Site
from nascar_warehouse.warehouse.read.stopper import Stopper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
    from typing import Any

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from nascar_warehouse.warehouse.explorer.settings import ServerSettings
    from nascar_warehouse.warehouse.storage.home import Home

    Page = Callable[[Asked], Answer]

_PAGES: Mapping[str, Page] = {
    "/": closest_page.show,
    "/races/{race_id}": race_page.show,
    "/races/{race_id}/{entry_key}": race_page.show_car,
    "/drivers/{driver_id}": driver_page.show,
    "/tracks/{track_id}": place_pages.show_track,
    "/events/{event_id}": place_pages.show_event,
    "/seasons/{series}/{season}": season_page.show,
    "/search": search_page.show,
    "/sql": sql_page.show,
    "/status": status_page.show,
    "/api/v1/openapi.json": api.document,
    "/api/v1/closest": api.closest,
    "/api/v1/closest.{form}": api.closest,
    "/api/v1/questions": api.questions,
    "/api/v1/questions/{name}.{form}": api.question,
    "/api/v1/questions/{name}": api.question,
    "/api/v1/races/{race_id}": api.race,
    "/api/v1/search": api.search,
    "/api/v1/freshness": api.freshness,
    "/api/v1/sql": api.sql,
    "/api/v1/sql.{form}": api.sql,
}
_SANDBOXED = {"/sql", "/api/v1/sql", "/api/v1/sql.{form}"}
_NOT_KEPT = {"/status", *_SANDBOXED}
"""Pages that the snapshot and the address alone do not determine."""
_THREADS = 8
_SANDBOXES = 4
_MOST_WAITING = {False: 150, True: 40}
"""How many may wait for a page, and for a statement in the sandbox."""


@dataclass(slots=True)
class _Running:
    """A page in its thread; `con` is there once it reads the warehouse, `stopper` ends a statement in the sandbox."""

    con: duckdb.DuckDBPyConnection | None = field(default=None)
    stopper: Stopper = field(default_factory=Stopper)

    def stop(self) -> None:
        self.stopper.stop()
        if self.con is not None:
            self.con.interrupt()


async def _cancel_when_client_leaves(request: Request, scope: anyio.CancelScope) -> None:
    """A statement whose client is gone has no reader, and others wait for its place."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def create_app(
    home: Home, settings: ServerSettings, *, log: Callable[[str], object], read_status: StatusReader
) -> ASGIApp:
    """The application with its gate. `log` takes each line of the access log; `read_status` gives `nascar status`."""
    published = Published(home)
    explorer = _Explorer(published, settings.seconds_per_request, read_status)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        published.close()

    routes = [Route(path, partial(explorer.answer, page, path)) for path, page in _PAGES.items()]
    routes.append(Route("/static/{name}", explorer.answer_static))
    handlers = {404: explorer.answer_not_found, 500: explorer.answer_failure}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Gate(app, settings, log)


class _Explorer:
    """Runs pages in threads, keeps their answers, and turns errors into pages."""

    def __init__(self, published: Published, seconds: float, read_status: StatusReader) -> None:
        self._published = published
        self._seconds = seconds
        self._read_status = read_status
        self._site = Site()
        self._cache = AnswerCache()
        self._shared: dict[tuple[str, str], asyncio.Future[Answer]] = {}
        self._limiters = {
            is_sandboxed: anyio.CapacityLimiter(_SANDBOXES if is_sandboxed else _THREADS)
            for is_sandboxed in (False, True)
        }

    async def answer(self, page: Page, path: str, request: Request) -> Response:
        """Answer with the page of a path, from the cache where the snapshot is the same."""
        is_kept = path not in _NOT_KEPT
        key = f"{request.url.path}?{urlencode(sorted(request.query_params.multi_items()))}"
        if not is_kept:
            return respond(request, await self._run(page, path, request, key))
        snapshot_id = self._published.snapshot_id()
        kept = self._cache.find(snapshot_id, key)
        return respond(
            request, kept or await self._share((snapshot_id, key), partial(self._run, page, path, request, key))
        )

    async def _share(self, name: tuple[str, str], run: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """Run a page once for all who ask for it meanwhile: after a publish, many ask for the same ones."""
        if name not in self._shared:
            task = self._shared[name] = asyncio.ensure_future(run())
            task.add_done_callback(lambda _: self._shared.pop(name))
        return await asyncio.shield(self._shared[name])

    async def answer_static(self, request: Request) -> Response:
        """A file of the program, which may be kept as long as its address has its digest."""
        answer = self._site.static(request.path_params["name"])
        return respond(request, answer or self._problem(request, 404, "There is no such file.", ""))

    async def answer_not_found(self, request: Request, _: Exception) -> Response:
        """The page for an address that shows nothing."""
        return respond(request, self._problem(request, 404, "There is no such page.", ""))

    async def answer_failure(self, request: Request, _: Exception) -> Response:
        """The page for an error of the program; the gate logs it."""
        return respond(
            request, self._problem(request, 500, "Something went wrong here.", "The log of the server says what.")
        )

    async def _run(self, page: Page, path: str, request: Request, key: str) -> Answer:
        running = _Running()
        work = partial(self._render, page, running, request, key, path not in _NOT_KEPT)
        limiter = self._limiters[path in _SANDBOXED]
        if limiter.statistics().tasks_waiting >= _MOST_WAITING[path in _SANDBOXED]:
            return self._problem(request, 503, "Too many others are asking.", "Try again soon.")
        answer = None
        with anyio.move_on_after(self._seconds) as scope:
            async with anyio.create_task_group() as group:
                if path in _SANDBOXED:
                    group.start_soon(_cancel_when_client_leaves, request, scope)
                answer = await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=limiter)
                group.cancel_scope.cancel()
        if answer is None:
            running.stop()
            return self._problem(request, 503, "This took too long, or too many others were asking.", "Try again soon.")
        return answer

    def _render(self, page: Page, running: _Running, request: Request, key: str, is_kept: bool) -> Answer:
        try:
            with self._published.open() as snapshot:
                running.con = snapshot.con
                asked = Asked(
                    snapshot,
                    self._site,
                    request.url.path,
                    dict(request.path_params),
                    dict(request.query_params),
                    self._read_status,
                    partial(self._published.query, stopper=running.stopper),
                )
                answer = page(asked)
                if is_kept and answer.status == 200:
                    self._cache.keep(snapshot.snapshot_id, key, answer)
                return answer
        except NotFound as error:
            return self._problem(request, 404, error.problem, error.advice)
        except UsageError as error:
            if not self._published.snapshot_id():
                return self._problem(
                    request, 503, "Nothing is published yet.", "Run `nascar build` or `nascar ingest`."
                )
            return self._problem(request, 400, error.problem, error.advice)
        except (duckdb.CatalogException, duckdb.BinderException):
            advice = "Run `nascar build` where it is kept."
            return self._problem(request, 503, "The warehouse was built by another version of this program.", advice)
        except NascarError:
            # The message may name files of this machine.
            return self._problem(request, 503, "The warehouse cannot be read now.", "Try again soon.")

    def _problem(self, request: Request, status: int, problem: str, advice: str) -> Answer:
        headers = (("retry-after", "5"),) if status == 503 else ()
        if request.url.path.startswith("/api/"):
            return replace(encode_json({"problem": problem, "advice": advice}, status=status), headers=headers)
        content = self._site.render("problem.html", {"problem": problem, "advice": advice, "status": status})
        return Answer(content, status=status, headers=headers)
