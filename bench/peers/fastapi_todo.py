"""Lists and creates tasks as somebody would write it with FastAPI, PyJWT and asyncpg: what the benchmark of the whole path
compares with. Prints `ready PORT`. JWKS_URL, ISSUER (issuer and audience) and DATABASE_URL say the rest."""
import datetime
import os
import socket
import uuid

import asyncpg
import jwt
import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel, Field

issuer = os.environ["ISSUER"]
keys = jwt.PyJWKClient(os.environ["JWKS_URL"])
app = FastAPI()
columns = "id, user_id, title, description, is_completed, priority, due_date, completed_at, created_at, updated_at"


class NewTask(BaseModel):
    title: str = Field(min_length=1, max_length=255)
    description: str | None = Field(default=None, max_length=2000)


class Task(NewTask):
    id: uuid.UUID
    user_id: str
    is_completed: bool
    priority: str
    due_date: datetime.date | None
    completed_at: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime


class Page(BaseModel):
    items: list[Task]
    count: int
    next_page_token: str


@app.on_event("startup")
async def connect():
    app.state.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=10, max_size=10)
    print(f"ready {app.state.port}", flush=True)


async def current_user(user_id: str, authorization: str = Header(default="")) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme != "Bearer":
        raise HTTPException(401, "MISSING_TOKEN")
    try:
        key = keys.get_signing_key_from_jwt(token).key
        claims = jwt.decode(token, key, algorithms=["EdDSA", "ES256", "RS256"], issuer=issuer, audience=issuer)
    except jwt.PyJWTError:
        raise HTTPException(401, "INVALID_TOKEN")
    if claims["sub"] != user_id:
        raise HTTPException(403, "FORBIDDEN_USER_ACCESS")
    return user_id


@app.get("/api/{user_id}/tasks", response_model=Page)
async def list_tasks(user: str = Depends(current_user), page_size: int = 50):
    rows = await app.state.pool.fetch(
        f"SELECT {columns}, (SELECT count(*)::integer FROM peer.tasks WHERE user_id = $1) AS count"
        " FROM peer.tasks WHERE user_id = $1 ORDER BY created_at, id LIMIT $2",
        user,
        page_size,
    )
    return {"items": [dict(row) for row in rows], "count": rows[0]["count"] if rows else 0, "next_page_token": ""}


@app.post("/api/{user_id}/tasks", response_model=Task, status_code=201)
async def create_task(task: NewTask, user: str = Depends(current_user)):
    row = await app.state.pool.fetchrow(
        f"INSERT INTO peer.tasks (user_id, id, title, description) VALUES ($1, $2, $3, $4) RETURNING {columns}",
        user,
        uuid.uuid4(),
        task.title,
        task.description,
    )
    return dict(row)


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    app.state.port = listener.getsockname()[1]
    uvicorn.Server(uvicorn.Config(app, loop="uvloop", http="httptools", access_log=False, log_level="warning")).run([listener])
