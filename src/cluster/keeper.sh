# Keeps one throwaway cluster: does what it is told, line by line, on standard input. When that
# ends, however the program at its other end came to its own end, the keeper stops the server and
# deletes the folder.
#
#   sh keeper.sh BIN HOME [ARGUMENT-OF-INITDB]...
#
# Orders: init | copy DATA-DIRECTORY | start | restart | reload | stop MODE | kill
# Each is answered with its exit status; what the server's tools say goes to standard error.
bin=$1 home=$2
shift 2

control() { "$bin/pg_ctl" -D "$home/data" -l "$home/server.log" -w -t 60 "$@"; }

clean_up() {
    trap '' HUP INT PIPE TERM
    control stop -m immediate
    # A server that was killed could not give back its System V shared memory (line 7: key, id).
    if [ -f "$home/data/postmaster.pid" ]; then
        ipcrm -m "$(awk 'NR == 7 { print $2 }' "$home/data/postmaster.pid")"
    fi
    cd /
    # The processes of a killed server may still be writing for a moment.
    for _ in 1 2 3 4 5 6 7 8 9; do
        rm -rf "$home" && break
        sleep 1
    done
} >/dev/null 2>&1
trap clean_up EXIT
trap exit HUP INT PIPE TERM

# A log that is not empty shows that this cluster has come to life (see sweep.rs).
echo "keeper $$" >&2

while read -r order rest; do
    case $order in
        init) "$bin/initdb" -D "$home/data" "$@" ;;
        copy) cp -Rp "$rest" "$home/data" && rm -f "$home/data/postmaster.pid" ;;
        start | restart | reload) control "$order" ;;
        stop) control stop -m "$rest" ;;
        kill) kill -KILL "$(head -n 1 "$home/data/postmaster.pid")" ;;
    esac >&2
    echo "$?"
done
