-- For wrk: list or create, each request as the next of the users that REQUESTS names, a line each: `user token`.
local requests, next_request = {}, 0

function init()
  local kind = os.getenv("KIND")
  for line in io.lines(os.getenv("REQUESTS")) do
    local user, token = line:match("^(%S+) (%S+)$")
    local headers = {Authorization = "Bearer " .. token, ["Content-Type"] = "application/json"}
    local path = "/api/" .. user .. "/tasks"
    if kind == "list" then
      requests[#requests + 1] = wrk.format("GET", path .. "?page_size=20", headers)
    else
      requests[#requests + 1] = wrk.format("POST", path, headers, '{"title":"Water the plants","description":"and the cactus"}')
    end
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end
