# The site as an image: docker build -t segue . (compose.yaml does it, and starts all it needs)

FROM node:22-bookworm-slim AS front-end
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY vite.config.js ./
COPY static static
COPY templates templates
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --no-cache-dir --requirement requirements.txt

FROM python:3.11-slim-bookworm
# implicit is built against the GNU OpenMP of the system
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /home/segue segue \
    && install --directory --owner segue --group segue /data
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/srv/static \
    NUMBA_CACHE_DIR=/data/numba
WORKDIR /srv/segue
COPY --from=packages /venv /venv
COPY . .
COPY --from=front-end /src/static/dist static/dist
RUN python -m compileall -q . \
    && DEBUG=on python manage.py collectstatic --noinput --verbosity 0
USER segue
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py"]
